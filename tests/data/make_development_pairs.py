"""Makes tests/data/name_pairs_development.csv of the pairs by hand and of the first generated set.

The first set was made by make_name_pairs.py with other lists of names; the matcher was then mended
where it failed on it, so that it counts as development.

Run it from the project's root: ``python tests/data/make_development_pairs.py``. The matcher may be tuned
on these pairs; how well it does is told from name_pairs_held_out.csv alone.
"""

import csv
from pathlib import Path

HERE = Path(__file__).parent


def main() -> None:
    rows = []
    for line in (HERE / "name_pairs_by_hand.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, one, other = (part.strip() for part in line.split(" | "))
            rows.append([one, other, int(kind == "same"), "by hand"])
    with (HERE / "name_pairs_first_set.csv").open(encoding="utf-8", newline="") as file:
        rows += list(csv.reader(file))[1:]
    with (HERE / "name_pairs_development.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["name_a", "name_b", "same", "made"])
        out.writerows(rows)


if __name__ == "__main__":
    main()
