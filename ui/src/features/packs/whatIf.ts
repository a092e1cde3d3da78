// What if? The controls change at once; the host is asked where they rest, and never while it still works on the question
// before: whatever was passed on the way is never asked.
import { refDebounced } from "@vueuse/core";
import { computed, shallowRef, watch, type Ref } from "vue";

import type { AccountId, Day, WhatIf } from "@/ipc/bindings";
import { usePacks, usePlans } from "@/ipc/queries";

/** Shorter than a person notices, longer than a slider takes from one step to the next. */
const REST_MILLIS = 60;
/** The slider's last position: as many purchases as it takes. */
export const PURCHASES_FREE = 13;
/** Where the slider of a campaign begins, in calls more on that day. */
const CAMPAIGN_START = 500;

export function useWhatIf(account: Ref<AccountId>) {
  /** `null`: as known. */
  const monthly = shallowRef<number | null>(null);
  /** Without a day there is no campaign. */
  const campaignDay = shallowRef<Day | null>(null);
  const campaignCalls = shallowRef(CAMPAIGN_START);
  const purchases = shallowRef(PURCHASES_FREE);

  const wish = computed<WhatIf>(() => {
    const day = campaignDay.value;
    return {
      monthly_calls: monthly.value,
      campaign: day && { day, extra_calls: campaignCalls.value },
      max_purchases: purchases.value < PURCHASES_FREE ? purchases.value : null,
    };
  });
  const imagined = computed(() => Object.values(wish.value).some((part) => part !== null));

  const rested = refDebounced(wish, REST_MILLIS);
  const asked = shallowRef<WhatIf>(wish.value);
  const plans = usePlans(account, asked);
  const packs = usePacks(account, () => asked.value.monthly_calls);
  const busy = computed(() => plans.isFetching.value || packs.isFetching.value);
  watch([rested, busy], () => {
    if (!busy.value) asked.value = rested.value;
  });

  function reset() {
    monthly.value = null;
    campaignDay.value = null;
    campaignCalls.value = CAMPAIGN_START;
    purchases.value = PURCHASES_FREE;
  }
  // Another shop, another question.
  watch(account, reset);

  return { monthly, campaignDay, campaignCalls, purchases, imagined, busy, plans, packs, reset };
}
