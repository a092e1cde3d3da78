// What other features may use of this one.
export { default as GuardCard } from "./GuardCard.vue";
