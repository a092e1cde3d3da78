// The reads of the pages, each kept until one of its tags changes.
import { useQuery, useQueryClient, type QueryClient } from "@tanstack/vue-query";
import { computed, toValue, type MaybeRefOrGetter } from "vue";

import type {
  AccountId,
  AppView,
  BackgroundView,
  ChannelsView,
  Day,
  ErrorView,
  InboxView,
  OrderId,
  OverviewView,
  ProviderId,
  ProviderView,
  SettingsView,
  WhatIf,
  WizardView,
} from "./bindings";
import { reads, type Read } from "./client";
import { useHost } from "./host";

declare module "@tanstack/vue-query" {
  interface Register {
    defaultError: ErrorView;
  }
}

type Reads = ReturnType<typeof reads>;
type Account = MaybeRefOrGetter<AccountId>;
type Provider = MaybeRefOrGetter<ProviderId>;

/** What stays on screen until the first answer to another question is there. */
interface Meanwhile {
  placeholderData?: (previous: unknown, query: { queryKey: Read<unknown>["queryKey"] } | undefined) => unknown;
  retryOnMount?: boolean;
}

const previous: Meanwhile = { placeholderData: (answer) => answer };

function useRead<T>(read: (ask: Reads) => Read<T> | null, meanwhile: Meanwhile = {}) {
  const ask = reads(useHost());
  // Before there is somebody to ask about, nothing is asked.
  const nobody: Read<T> = { queryKey: ["", {}], queryFn: () => Promise.reject(new Error("nobody to ask about")) };
  return useQuery<T, ErrorView, T, Read<T>["queryKey"]>(
    computed(() => {
      const question = read(ask);
      return { ...(question ?? nobody), enabled: question !== null, ...(meanwhile as object) };
    }),
  );
}

/** A read about one account, provider or order; before there is one, its id is empty. */
function useReadOf<Id extends string, T>(one: MaybeRefOrGetter<Id>, read: (ask: Reads, id: Id) => Read<T>, meanwhile?: Meanwhile) {
  return useRead((ask) => (toValue(one) === "" ? null : read(ask, toValue(one))), meanwhile);
}

/** A start-up error stays until the shop tries again: a page that mounts must not ask by itself. */
export const useApp = () => useRead((ask) => ask.getApp(), { retryOnMount: false });
export const useWizard = (account: Account) => useReadOf(account, (ask, id) => ask.getWizard(id));
export const useSummary = (account: Account) => useReadOf(account, (ask, id) => ask.getSummary(id));
export const useWays = (monthlyCalls: MaybeRefOrGetter<number>) => useRead((ask) => ask.compareWays(toValue(monthlyCalls)), previous);
export const useConsoles = () => useRead((ask) => ask.getConsoles());
export const useUsage = (account: Account) => useReadOf(account, (ask, id) => ask.getUsage(id));
export const useUsageCurve = (account: Account) => useReadOf(account, (ask, id) => ask.getUsageCurve(id), previous);
export const usePacks = (account: Account, monthlyCalls: MaybeRefOrGetter<number | null>) =>
  useReadOf(account, (ask, id) => ask.getPacks(id, toValue(monthlyCalls)), previous);
/** The last answer about the same account stays on screen until the next one is there. */
export const usePlans = (account: Account, whatIf: MaybeRefOrGetter<WhatIf>) =>
  useReadOf(account, (ask, id) => ask.comparePlans(id, toValue(whatIf)), {
    placeholderData: (answer, query) => (query?.queryKey[1].account === toValue(account) ? answer : undefined),
  });
/** The newest purchase, whatever became of it. */
export const usePurchase = (account: Account) => useReadOf(account, (ask, id) => ask.getPurchase(id));
export const useOrders = (account: Account) => useReadOf(account, (ask, id) => ask.getOrders(id));
export const useMemberCard = (account: Account) => useReadOf(account, (ask, id) => ask.getMemberCard(id));
export const useGuard = (account: Account) => useReadOf(account, (ask, id) => ask.getGuard(id));
export const useOverview = (account: Account) => useReadOf(account, (ask, id) => ask.getOverview(id), previous);
/** All mini-programs. */
export const useAccounts = () => useRead((ask) => ask.getAccounts());
export const useSyncAll = () => useRead((ask) => ask.getSyncAll());
export const useAdding = () => useRead((ask) => ask.getAdding());
export const useInbox = () => useRead((ask) => ask.getInbox());
export const useSettings = () => useRead((ask) => ask.getSettings());
export const useBackups = () => useRead((ask) => ask.getBackups());
export const useChannels = () => useRead((ask) => ask.getChannels());
/** Every host that the app may contact. */
export const useHosts = () => useRead((ask) => ask.getHosts());
export const useBackground = () => useRead((ask) => ask.getBackground());
export const usePriceList = (day: MaybeRefOrGetter<Day | null>) => useRead((ask) => ask.getPriceList(toValue(day)), previous);
export const useProviders = () => useRead((ask) => ask.getProviders());
/** Asked from WeChat, so only for the one on screen. */
export const useBulkOrders = (provider: Provider) => useReadOf(provider, (ask, id) => ask.getBulkOrders(id));
export const useAllocationPlan = (provider: Provider, order: MaybeRefOrGetter<OrderId>, coverDays: MaybeRefOrGetter<number | null>) =>
  useReadOf(order, (ask, id) => ask.planAllocations(toValue(provider), id, toValue(coverDays)), previous);
export const useAllocations = (provider: Provider) => useReadOf(provider, (ask, id) => ask.getAllocations(id));

/** Puts what a change answered with on screen at once, without asking again. */
export function useStoreAnswer() {
  const client: QueryClient = useQueryClient();
  const ask = reads(useHost());
  return {
    app: (app: AppView) => client.setQueryData(ask.getApp().queryKey, app),
    wizard: (wizard: WizardView) => client.setQueryData(ask.getWizard(wizard.account).queryKey, wizard),
    overview: (overview: OverviewView) => client.setQueryData(ask.getOverview(overview.account).queryKey, overview),
    background: (background: BackgroundView) => client.setQueryData(ask.getBackground().queryKey, background),
    channels: (channels: ChannelsView) => client.setQueryData(ask.getChannels().queryKey, channels),
    inbox: (inbox: InboxView) => client.setQueryData(ask.getInbox().queryKey, inbox),
    providers: (providers: ProviderView[]) => client.setQueryData(ask.getProviders().queryKey, providers),
    settings: (settings: SettingsView) => client.setQueryData(ask.getSettings().queryKey, settings),
  };
}
