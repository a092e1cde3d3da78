// The reads of the pages. Each is cached under its tag and refetched when the host says the tag changed.
import { queryOptions, useQuery, useQueryClient, type QueryClient } from "@tanstack/vue-query";
import { computed, toValue, type MaybeRefOrGetter } from "vue";

import type { AppView, ErrorView, OverviewView, SettingsView, UsageCurveView, WhatIf, WizardView } from "./bindings";
import type { Host } from "./client";
import { useHost } from "./host";
import { queryKeys } from "./tags";

declare module "@tanstack/vue-query" {
  interface Register {
    defaultError: ErrorView;
  }
}

export const appQuery = (host: Host) => queryOptions({ queryKey: queryKeys.app(), queryFn: () => host.getApp() });
export const wizardQuery = (host: Host, account: string) =>
  queryOptions({ queryKey: queryKeys.wizard(account), queryFn: () => host.getWizard(account) });
export const overviewQuery = (host: Host, account: string) =>
  queryOptions({ queryKey: queryKeys.overview(account), queryFn: () => host.getOverview(account) });

export const accountsQuery = (host: Host) =>
  queryOptions({ queryKey: queryKeys.accounts(), queryFn: () => host.getAccounts() });

export function useApp() {
  // A start-up error stays until the shop tries again: a page that mounts must not ask by itself.
  return useQuery({ ...appQuery(useHost()), retryOnMount: false });
}

type Account = MaybeRefOrGetter<string>;

/** Before the first account there is nobody to ask about. */
const named = (account: Account) => computed(() => toValue(account) !== "");

export function useWizard(account: Account) {
  const host = useHost();
  return useQuery(computed(() => ({ ...wizardQuery(host, toValue(account)), enabled: toValue(account) !== "" })));
}

export function useUsage(account: Account) {
  const host = useHost();
  return useQuery({
    queryKey: computed(() => queryKeys.usage(toValue(account))),
    queryFn: () => host.getUsage(toValue(account)),
    enabled: named(account),
  });
}

export function useUsageCurve(account: Account) {
  const host = useHost();
  return useQuery({
    queryKey: computed(() => queryKeys.usageCurve(toValue(account))),
    queryFn: () => host.getUsageCurve(toValue(account)),
    enabled: named(account),
    placeholderData: (previous: UsageCurveView | undefined) => previous,
  });
}

export function usePacks(account: Account, monthlyCalls: MaybeRefOrGetter<number | null>) {
  const host = useHost();
  return useQuery({
    queryKey: computed(() => queryKeys.packs(toValue(account), toValue(monthlyCalls))),
    queryFn: () => host.getPacks(toValue(account), toValue(monthlyCalls)),
    enabled: named(account),
    placeholderData: (previous) => previous,
  });
}

/** The last answer stays on screen until the next one is there. */
export function usePlans(account: Account, whatIf: MaybeRefOrGetter<WhatIf>) {
  const host = useHost();
  return useQuery({
    queryKey: computed(() => queryKeys.plans(toValue(account), toValue(whatIf))),
    queryFn: () => host.comparePlans(toValue(account), toValue(whatIf)),
    enabled: named(account),
    placeholderData: (previous, query) => (query?.queryKey[1] === toValue(account) ? previous : undefined),
  });
}

/** The newest purchase, whatever became of it. */
export function usePurchase(account: Account) {
  const host = useHost();
  return useQuery({
    queryKey: computed(() => queryKeys.purchase(toValue(account))),
    queryFn: () => host.getPurchase(toValue(account)),
    enabled: named(account),
  });
}

export function useOrders(account: Account) {
  const host = useHost();
  return useQuery({
    queryKey: computed(() => queryKeys.orders(toValue(account))),
    queryFn: () => host.getOrders(toValue(account)),
    enabled: named(account),
  });
}

export function useMemberCard(account: Account) {
  const host = useHost();
  return useQuery({
    queryKey: computed(() => queryKeys.memberCard(toValue(account))),
    queryFn: () => host.getMemberCard(toValue(account)),
    enabled: named(account),
  });
}

export function useProviders() {
  const host = useHost();
  return useQuery({ queryKey: queryKeys.providers(), queryFn: () => host.getProviders() });
}

/** Asked from WeChat, so only for the one on screen. */
export function useBulkOrders(provider: MaybeRefOrGetter<string>) {
  const host = useHost();
  return useQuery({
    queryKey: computed(() => queryKeys.bulkOrders(toValue(provider))),
    queryFn: () => host.getBulkOrders(toValue(provider)),
    enabled: named(provider),
  });
}

export function useAllocations(provider: MaybeRefOrGetter<string>) {
  const host = useHost();
  return useQuery({
    queryKey: computed(() => queryKeys.allocations(toValue(provider))),
    queryFn: () => host.getAllocations(toValue(provider)),
    enabled: named(provider),
  });
}

export function useConsoles() {
  const host = useHost();
  return useQuery({ queryKey: queryKeys.consoles(), queryFn: () => host.getConsoles() });
}

export function useOverview(account: Account) {
  const host = useHost();
  return useQuery(
    computed(() => ({
      ...overviewQuery(host, toValue(account)),
      enabled: toValue(account) !== "",
      placeholderData: (previous: OverviewView | undefined) => previous,
    })),
  );
}

/** All mini-programs beside each other. */
export function useAccounts() {
  return useQuery(accountsQuery(useHost()));
}

export function useSyncAll() {
  const host = useHost();
  return useQuery({ queryKey: queryKeys.syncAll(), queryFn: () => host.getSyncAll() });
}

export function useSettings() {
  const host = useHost();
  return useQuery({ queryKey: queryKeys.settings(), queryFn: () => host.getSettings() });
}

export function usePriceList(day: MaybeRefOrGetter<string | null>) {
  const host = useHost();
  return useQuery({
    queryKey: computed(() => queryKeys.priceList(toValue(day))),
    queryFn: () => host.getPriceList(toValue(day)),
    placeholderData: (previous) => previous,
  });
}

export function useSummary(account: Account) {
  const host = useHost();
  return useQuery({
    queryKey: computed(() => queryKeys.summary(toValue(account))),
    queryFn: () => host.getSummary(toValue(account)),
  });
}

/** Puts what a change answered with on screen at once, without asking again. */
export function useStoreAnswer() {
  const client: QueryClient = useQueryClient();
  return {
    app: (app: AppView) => client.setQueryData(queryKeys.app(), app),
    wizard: (wizard: WizardView) => client.setQueryData(queryKeys.wizard(wizard.account), wizard),
    overview: (overview: OverviewView) => client.setQueryData(queryKeys.overview(overview.account), overview),
    settings: (settings: SettingsView) => client.setQueryData(queryKeys.settings(), settings),
    refetch: (...key: readonly unknown[]) => client.invalidateQueries({ queryKey: key }),
  };
}
