// What other features may use of this one.
export { default as UsageFigures } from "./UsageFigures.vue";
