// The present as the mini-program on screen has it: practice time can be moved ahead.
import { shallowRef } from "vue";

/** How far its time is ahead of this computer's, in milliseconds. */
export const ahead = shallowRef(0);

export const now = () => new Date(Date.now() + ahead.value);
