// What other features may use of this one.
export { isDated, toneOf, useSituationWords } from "./situation";
