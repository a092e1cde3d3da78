// Also for the page of an app that could not open its files.
export { default as BackupsCard } from "./BackupsCard.vue";
