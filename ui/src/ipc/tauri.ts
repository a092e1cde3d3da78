// The Host over Tauri's IPC. One method, one command: `goToStep` calls `go_to_step`.
import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";

import type { Changed, ErrorView } from "./bindings";
import type { Host } from "./client";
import { toErrorView } from "./errors";

type Method = Exclude<keyof Host, "onChanged">;
type Arguments<M extends Method> = Parameters<Host[M]>;

/** The argument names of each command, in the order of the method's parameters. Typed against `Host`, so that a
 *  method that gains or loses a parameter does not compile until this table follows. */
type Names<T extends unknown[]> = { [K in keyof T]: string };
const COMMANDS: { [M in Method]: Names<Required<Arguments<M>>> } = {
  getApp: [],
  setLanguage: ["language"],
  setTheme: ["theme"],
  selectAccount: ["account"],
  restartApp: [],
  contentShown: ["at"],
  keepPage: ["page"],
  startAccount: ["environment", "name"],
  getWizard: ["account"],
  goToStep: ["account", "step"],
  renameAccount: ["account", "environment", "name"],
  decideEligibility: ["account", "subject", "category", "verified"],
  compareWays: ["monthlyCalls"],
  chooseWay: ["account", "way", "monthlyCalls"],
  finishWizard: ["account"],
  getSummary: ["account"],
  printSummary: [],
  checkLogin: ["email", "password"],
  suggestPassword: [],
  saveLogin: ["account", "email", "password"],
  confirmLoginSet: ["account"],
  revealLogin: ["account", "field"],
  copyLogin: ["account", "field"],
  openConsole: ["account", "page"],
  getConsoles: [],
  showConsole: ["account"],
  fillConsole: ["account", "field"],
  confirmSignedIn: ["account"],
  connectAppSecret: ["account", "appId", "appSecret"],
  connectMemberCardUsage: ["account", "accessKey"],
  connectTypedIn: ["account", "figures"],
  getUsage: ["account"],
  getUsageCurve: ["account"],
  syncUsage: ["account"],
  confirmUsageSeen: ["account"],
  getPacks: ["account", "monthlyCalls"],
  comparePlans: ["account", "whatIf"],
  getPurchase: ["account"],
  pickPack: ["account", "pack"],
  buyNothing: ["account"],
  beginPurchase: ["account"],
  checkArrival: ["account"],
  giveUpPurchase: ["account"],
  resumePurchase: ["account"],
  getOrders: ["account"],
  noteOrder: ["account", "order", "note"],
  connectMemberCard: ["account", "accessKey"],
  getMemberCard: ["account"],
  syncMemberCard: ["account"],
  setMode: ["account", "mode"],
  undoMode: ["account", "change"],
  keepMode: ["account"],
  getOverview: ["account"],
  setReminder: ["account", "day"],
  getAccounts: [],
  syncAll: [],
  getSyncAll: [],
  cancelSyncAll: [],
  getSettings: [],
  setAccountName: ["account", "name"],
  archiveAccount: ["account", "archived"],
  removeAccount: ["account"],
  restoreAccount: ["account"],
  finishRemoval: ["account"],
  setProxy: ["choice"],
  getPriceList: ["day"],
  setPriceRow: ["draft"],
  removePriceRow: ["id", "from"],
  importPriceList: ["name", "bytes"],
  restorePriceList: ["version"],
  exportTable: ["format", "table"],
  exportPicture: ["name", "png"],
  exportText: ["name", "text"],
  copyText: ["text"],
  showExport: ["name"],
  readBillFile: ["account", "name", "bytes"],
  compareBillFile: ["account", "columns"],
  compareBillPlatform: ["account"],
  connectProvider: ["environment", "name", "appId", "appSecret"],
  getProviders: [],
  getBulkOrders: ["provider"],
  planAllocations: ["provider", "order", "coverDays"],
  sendAllocations: ["provider", "order", "picks"],
  retryAllocations: ["provider"],
  getAllocations: ["provider"],
  cancelAllocation: ["id"],
  openPracticePhone: ["account"],
  openPracticeCardOffice: ["account"],
  openPracticeClaim: ["account"],
  openPracticeProvider: [],
  advancePracticeClock: ["days"],
  openHelpPage: ["page"],
};

/** `goToStep` → `go_to_step`. */
export function commandName(method: string): string {
  return method.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

async function call(method: Method, values: readonly unknown[]): Promise<unknown> {
  const names: readonly string[] = COMMANDS[method];
  const args = Object.fromEntries(names.map((name, index) => [name, values[index]]));
  try {
    return await invoke(commandName(method), args);
  } catch (thrown) {
    throw toErrorView(thrown) satisfies ErrorView;
  }
}

export function createTauriHost(): Host {
  const methods = Object.keys(COMMANDS) as Method[];
  const calls = Object.fromEntries(
    methods.map((method) => [method, (...values: unknown[]) => call(method, values)]),
  ) as unknown as Omit<Host, "onChanged">;
  return {
    ...calls,
    onChanged: (listener) => listen<Changed>("changed", (event) => listener(event.payload)),
  };
}
