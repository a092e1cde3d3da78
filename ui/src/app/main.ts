import { tauri } from "@/ipc/tauri";

import { openApp } from "./openApp";

void openApp(tauri);
