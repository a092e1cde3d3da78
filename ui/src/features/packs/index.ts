// What other features may use of this one.
export { default as AdviceBox } from "./AdviceBox.vue";
export { default as ChoiceRow } from "./ChoiceRow.vue";
export { default as PackRow } from "./PackRow.vue";
export { byValidity, commonOrigin, foldFarBeyond, NOTHING, type PackChoice } from "./priceList";
export { momentOf } from "./purchase/moment";
export { default as PurchaseProgress } from "./purchase/PurchaseProgress.vue";
