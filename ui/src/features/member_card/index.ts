// What other features may use of this one.
export { default as ConnectCard } from "./ConnectCard.vue";
export { default as ModeHistory } from "./ModeHistory.vue";
export { default as UnfinishedChange } from "./UnfinishedChange.vue";
export { MODES } from "./claim";
export { useMemberCardActions } from "./useMemberCardActions";
