"""Plans against HiGHS, a solver for mixed-integer programs: equal cost every time.

    python plans.py compare BILLING [--cases 500] [--seed 1] [--seconds 600]
    python plans.py speed BILLING --monthly CALLS [--seconds 120]

BILLING is the command line of the billing core. `compare` makes cases, asks both, prints every difference and exits
with 1 if there is one; it stops early when the seconds are over and says how many cases it got through. `speed` prints
what HiGHS takes for two years on the nine packs of the guide at that volume. Needs highspy and numpy.

Both programs state the model of section 13 of the billing rules, written from its text and not from our code:

* Calls arrive one after the other, numbered from 0; the lots serve the first of them by earliest end.
* A purchase is made at the instant a call arrives that nothing usable can serve. At most one pack is usable at a time.
* Pack p bought on day d at call s serves the next `calls` calls, as far as they arrive before day d + `days`.

`by_call` has one binary for every pack and every call at which a purchase may be due: is this pack bought when this call arrives? Who serves call k hands
over to the first call it does not serve: a flow from the first call to buy for to the end. Exact for any number of
purchases, too large for millions of calls.

`by_purchase` has a row of purchases instead. Purchase i begins at call s[i] (a whole number); z[i, p] says which pack it
is, w[i, v, d] on which day a pack of v days is bought:
    s[i] >= first call of day d                                 if w[i, v, d]
    s[i + 1] <= s[i] + calls[p]                                 if z[i, p]
    s[i + 1] <= first call of day d + v                         if w[i, v, d]
    s[i + 1] <= s[i]                                            if nothing is bought
Inequalities suffice: beginning earlier than possible never helps. It is given the number of purchases of the best
plan, which only makes it easier.
"""

import argparse
import json
import random
import subprocess
import sys
import time

import highspy
import numpy as np

SEED_PACKS = [
    (1_000, 3_000), (5_000, 15_000), (10_000, 30_000), (50_000, 150_000), (100_000, 300_000), (500_000, 1_500_000),
    (1_000_000, 2_800_000), (5_000_000, 14_000_000), (10_000_000, 27_000_000),
]

# HiGHS may take minutes for one case; such a one is left out and counted.
CASE_SECONDS = 60


def yuan(fen):
    return f"{fen // 100}.{fen % 100:02}"


def fen(text):
    whole, cents = text.split(".")
    return int(whole) * 100 + int(cents)


def plan(billing, case):
    """What our own program answers."""
    asked = dict(case, packs=[dict(pack, price=yuan(pack["price"])) for pack in case["packs"]], bother=yuan(case["bother"]))
    done = subprocess.run([billing, "plan", "-"], input=json.dumps(asked), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{billing} refused: {done.stderr.strip()}\n{json.dumps(asked)}")
    return json.loads(done.stdout)


class Demand:
    def __init__(self, case):
        self.days = [day for day, calls in enumerate(case["daily_demand"]) for _ in range(calls)]
        self.before = [0]
        for calls in case["daily_demand"]:
            self.before.append(self.before[-1] + calls)
        self.total = self.before[-1]
        self.start = self.served_by(case["lots"])

    def served_by(self, lots):
        """The first call that no lot can serve."""
        lots = sorted([lot["usable_days"], lot["calls"]] for lot in lots)
        for call, day in enumerate(self.days):
            usable = next((lot for lot in lots if lot[0] > day and lot[1] > 0), None)
            if usable is None:
                return call
            usable[1] -= 1
        return self.total

    def before_day(self, day):
        return self.before[min(day, len(self.before) - 1)]


class Program:
    """Columns and rows for HiGHS."""

    def __init__(self):
        self.cost, self.upper, self.whole, self.rows = [], [], [], []

    def column(self, cost, upper=1.0, whole=True):
        self.cost.append(cost)
        self.upper.append(upper)
        self.whole.append(whole)
        return len(self.cost) - 1

    def row(self, low, high, entries):
        self.rows.append((low, high, entries))

    def solve(self, seconds=None):
        """The least cost, nothing if there is none, and the seconds it took."""
        if not self.rows:
            return 0, 0.0
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.cost), len(self.rows)
        lp.col_cost_ = np.array(self.cost, dtype=np.double)
        lp.col_lower_, lp.col_upper_ = np.zeros(len(self.cost)), np.array(self.upper, dtype=np.double)
        lp.row_lower_ = np.array([row[0] for row in self.rows], dtype=np.double)
        lp.row_upper_ = np.array([row[1] for row in self.rows], dtype=np.double)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.cumsum([0] + [len(row[2]) for row in self.rows])
        lp.a_matrix_.index_ = np.array([column for row in self.rows for column in row[2]], dtype=np.int32)
        lp.a_matrix_.value_ = np.array([value for row in self.rows for value in row[2].values()], dtype=np.double)
        lp.integrality_ = [
            highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous for whole in self.whole
        ]
        highs = highspy.Highs()
        highs.setOptionValue("output_flag", False)
        highs.setOptionValue("mip_rel_gap", 0.0)
        highs.setOptionValue("mip_abs_gap", 0.4)  # whole cents
        if seconds:
            highs.setOptionValue("time_limit", float(seconds))
        highs.passModel(lp)
        begun = time.perf_counter()
        highs.run()
        took = time.perf_counter() - begun
        status = highs.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None, took
        if status != highspy.HighsModelStatus.kOptimal:
            return str(status), took
        return round(highs.getInfo().objective_function_value), took


def by_call(case):
    demand, program = Demand(case), Program()
    balance, bought = {demand.start: {}}, {}
    # Only calls at which some purchase ends need columns, in the order of arrival.
    for call in range(demand.start, demand.total):
        if call not in balance:
            continue
        day = demand.days[call]
        for pack in case["packs"]:
            reach = min(call + pack["calls"], demand.before_day(day + pack["days"]))
            column = program.column(pack["price"] + case["bother"])
            bought[column] = 1.0
            balance[call][column] = 1.0
            if reach < demand.total:
                balance.setdefault(reach, {})[column] = -1.0
    if demand.start == demand.total:
        return program
    for call, entries in balance.items():
        needed = 1.0 if call == demand.start else 0.0
        program.row(needed, needed, entries)
    if case["max_purchases"] is not None:
        program.row(0.0, float(case["max_purchases"]), bought)
    return program


def by_purchase(case, purchases):
    demand, program = Demand(case), Program()
    total, start = demand.total, demand.start
    lengths = sorted({pack["days"] for pack in case["packs"]})
    begins = [program.column(0.0, float(total)) for _ in range(purchases + 1)]
    program.row(start, start, {begins[0]: 1.0})
    program.row(total, total, {begins[-1]: 1.0})
    for here, there in zip(begins, begins[1:]):
        z = [program.column(pack["price"] + case["bother"]) for pack in case["packs"]]
        calls = {column: -float(min(pack["calls"], total)) for column, pack in zip(z, case["packs"])}
        program.row(-float(total), 0.0, {there: 1.0, here: -1.0} | calls)
        program.row(0.0, 1.0, dict.fromkeys(z, 1.0))
        first_call, end = {here: 1.0}, {there: 1.0}
        for length in lengths:
            w = {program.column(0.0): day for day in range(len(case["daily_demand"]))}
            of_length = {column: -1.0 for column, pack in zip(z, case["packs"]) if pack["days"] == length}
            program.row(0.0, 0.0, dict.fromkeys(w, 1.0) | of_length)
            first_call |= {column: -float(demand.before_day(day)) for column, day in w.items()}
            end |= {column: -float(demand.before_day(day + length)) for column, day in w.items()}
        program.row(0.0, float(total), first_call)
        # Where nothing is bought the purchase before has served everything.
        program.row(-float(total), float(total), end | dict.fromkeys(z, float(total)))
        program.row(0.0, float(total), {there: 1.0, here: -1.0})
    return program


def random_case(rng):
    """Sizes as in shops, shrunk: packs with a volume discount, dear short ones, peaks and quiet days, some lots."""
    days = rng.choice([30, 60, 120, 365])
    level = rng.choice([1, 3, 10, 30]) * 1_200 / days / 10
    demand = [0 if rng.random() < 0.2 else round(level * rng.uniform(0, 2)) for _ in range(days)]
    for _ in range(rng.randrange(3)):
        demand[rng.randrange(days)] += round(level * rng.uniform(5, 20))
    rate = rng.choice([3, 4, 30])
    packs = []
    for index in range(rng.randint(2, 10)):
        calls = rng.choice([5, 10, 20, 25, 50, 100, 250, 500, 1_000]) + rng.choice([0, 0, 0, 1, 7])
        price = max(1, round(calls * rate * rng.uniform(0.85, 1.1)))
        length = rng.choice([7, 15, 30, 90, 180, 365])
        packs.append({"id": f"p{index}", "calls": calls, "days": length, "price": price})
    lots = [{"calls": rng.randrange(60), "usable_days": rng.randrange(days)} for _ in range(rng.randrange(3))]
    limit = rng.choice([None, None, 3, 8, 20])
    bother = rng.choice([0, 0, 50, 500])
    return {"daily_demand": demand, "lots": lots, "packs": packs, "bother": bother, "max_purchases": limit}


def compare(arguments):
    rng, begun = random.Random(arguments.seed), time.perf_counter()
    done = feasible = limited = both = stopped = 0
    calls = []
    while done < arguments.cases and time.perf_counter() - begun < arguments.seconds:
        case = random_case(rng)
        ours = plan(arguments.billing, case)
        theirs, _ = by_call(case).solve(CASE_SECONDS)
        if isinstance(theirs, str):
            stopped += 1
            continue
        cost = fen(ours["cost"]) if ours["status"] == "optimal" else None
        if cost != theirs:
            print(f"case {done} of seed {arguments.seed}: we say {cost}, HiGHS says {theirs}\n{json.dumps(case)}")
            return 1
        if cost and len(ours["purchases"]) <= 4 and len(case["daily_demand"]) <= 60:
            again, _ = by_purchase(case, len(ours["purchases"])).solve(CASE_SECONDS)
            both += not isinstance(again, str)
            if again != cost and not isinstance(again, str):
                print(f"case {done} of seed {arguments.seed}: by purchase HiGHS says {again}, not {cost}\n{json.dumps(case)}")
                return 1
        done += 1
        feasible += cost is not None
        limited += case["max_purchases"] is not None
        calls.append(sum(case["daily_demand"]))
        if done % 50 == 0:
            print(f"{done} cases, {time.perf_counter() - begun:.0f} s", flush=True)
    if not done:
        print("no case was compared")
        return 1
    print(
        f"{done} cases agree, {feasible} of them feasible, {limited} with a limit on purchases, {both} by both programs, "
        f"{stopped} more not decided by HiGHS in {CASE_SECONDS} s; {min(calls)} to {max(calls)} calls, {time.perf_counter() - begun:.0f} s"
    )
    return 0


def spread(monthly, days):
    until = [monthly * 12 * day // 365 for day in range(days + 1)]
    return [after - before for before, after in zip(until, until[1:])]


def speed(arguments):
    """Seconds HiGHS takes for two years on the nine packs of the guide; nothing where it was stopped before its end."""
    packs = [{"id": f"q-365-{calls}", "calls": calls, "days": 365, "price": price} for calls, price in SEED_PACKS]
    case = {
        "daily_demand": spread(arguments.monthly, 730), "lots": [], "packs": packs, "bother": 0, "max_purchases": None,
    }
    ours = plan(arguments.billing, case)
    cost, took = by_purchase(case, len(ours["purchases"])).solve(arguments.seconds)
    if cost == fen(ours["cost"]):
        print(f"{took} to the end")
    elif took >= arguments.seconds:
        print(f"{took} and stopped")
    else:
        raise SystemExit(f"{arguments.monthly} calls a month: HiGHS says {cost}, we say {ours['cost']}")
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", choices=["compare", "speed"])
    parser.add_argument("billing")
    parser.add_argument("--cases", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--monthly", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=600.0)
    arguments = parser.parse_args()
    sys.exit({"compare": compare, "speed": speed}[arguments.task](arguments))


if __name__ == "__main__":
    main()
