export { default as ChannelsCard } from "./ChannelsCard.vue";
