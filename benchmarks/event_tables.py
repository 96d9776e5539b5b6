"""A large event table in Parquet: what the counting of mining starts from, ours and everybody's.

Forty activities, cases of five to sixty events, paths by a power law and one case in eight with a
step of its own; a quarter of the steps take no time, so moments tie. The rows lie in the order of time,
as an export does, not by case.
"""

import argparse
from pathlib import Path

import duckdb
import numpy as np

N_ACTIVITIES = 40
_MEAN_LENGTH = 19.5


def write_event_table(path: Path, n_events: int, seed: int = 1) -> None:
    """Rows of ``case_id, activity_id, occurred_at, source_row``: a seed and a number give one table."""
    n_cases = round(n_events / _MEAN_LENGTH)
    rng = np.random.default_rng(seed)
    n_paths = max(50, n_cases // 12)
    lengths = np.clip(rng.negative_binomial(2, 0.12, n_paths) + 5, 5, 60)
    # from each activity a few others usually follow
    likely = rng.integers(0, N_ACTIVITIES, (N_ACTIVITIES, 4))
    paths = []
    for length in lengths.tolist():
        here, walked = 0, []
        for step in rng.random((length, 2)).tolist():
            walked.append(here)
            usual = int(likely[here, int(4 * step[0] ** 2)])
            here = usual if step[1] < 0.97 else int(N_ACTIVITIES * step[0])
        paths.append(walked)
    with duckdb.connect() as connection:
        import pyarrow as pa

        table = pa.table({"path": range(n_paths), "acts": pa.array(paths, pa.list_(pa.int16()))})
        connection.register("paths", table)
        connection.execute(f"""
            create temporary macro chance(a, b, c) as
                (hash(a * 1000003::ubigint + b, c + {seed}) >> 11) / 9007199254740992.0;
            create table walked as
            with cases as (
                -- few paths are walked often, most seldom
                select c.range as number,
                    cast(floor({n_paths} * pow(chance(c.range, 0, 1), 3.5)) as bigint) as path,
                    chance(c.range, 0, 2) < 0.125 as is_odd,
                    cast(chance(c.range, 0, 3) * 1825 * 86400 as bigint) as starts
                from range({n_cases}) c
            )
            select number, is_odd, starts, paths.acts,
                cast(chance(number, 0, 4) * len(paths.acts) as bigint) as odd_place
            from cases join paths using (path);
            copy (
                with events as (
                    select number, starts, is_odd, odd_place, unnest(acts) as act,
                        generate_subscripts(acts, 1) as place
                    from walked
                ),
                timed as (
                    select number, starts, place,
                        if(is_odd and place = odd_place,
                            cast(floor(chance(number, place, 5) * {N_ACTIVITIES}) as smallint), act
                        ) as act,
                        if(chance(number, place, 6) < 0.25, 0,
                            cast(-ln(1 - chance(number, place, 7)) * 12 * 86400 as bigint)) as gap
                    from events
                ),
                placed as (
                    select number, act, place,
                        starts + sum(gap) over (partition by number order by place) as seconds
                    from timed
                )
                select
                    'case-' || lpad(number::varchar, 9, '0') as case_id,
                    'ACTIVITY_' || lpad(act::varchar, 2, '0') as activity_id,
                    timestamp '2019-01-01' + to_seconds(seconds) as occurred_at,
                    row_number() over (order by seconds, number, place) as source_row
                from placed order by seconds, number, place
            ) to '{path}' (format parquet, compression zstd)
        """)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("n_events", type=int)
    arguments = parser.parse_args()
    write_event_table(arguments.path, arguments.n_events)
