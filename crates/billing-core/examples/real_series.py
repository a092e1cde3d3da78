"""Daily series of real life, as `billing forecast` reads them: what docs/forecast.md compares besides generated shops.

    pip download --no-deps Lifetimes==0.11.3     and unpack the wheel
    npm pack vega-datasets@3.2.1                 and unpack it
    python real_series.py lifetimes/datasets/CDNOW_master.txt package/data/birdstrikes.csv

writes cdnow.json (purchases a day in a music shop) and birdstrikes.json (reports a day, the last 3,650 days).
"""

import csv
import datetime
import json
import sys
from collections import Counter

DAYS_MAX = 3_650  # what a forecast takes


def write(name, days):
    first, last = min(days), max(days)
    count = min((last - first).days + 1, DAYS_MAX)
    first = last - datetime.timedelta(count - 1)
    daily = [days[first + datetime.timedelta(day)] for day in range(count)]
    with open(name, "w", encoding="utf-8") as file:
        json.dump({"first_day": first.isoformat(), "daily": daily, "horizon": 28}, file)


def main():
    purchases, strikes = sys.argv[1:]
    with open(purchases, encoding="utf-8") as file:
        rows = [line.split() for line in file][1:]  # customer, day, CDs, dollars
    write("cdnow.json", Counter(datetime.datetime.strptime(row[1], "%Y%m%d").date() for row in rows if row))
    with open(strikes, encoding="utf-8") as file:
        write("birdstrikes.json", Counter(datetime.date.fromisoformat(row["Flight Date"]) for row in csv.DictReader(file)))


if __name__ == "__main__":
    main()
