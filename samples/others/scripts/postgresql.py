"""postgresql.pcap: psql with queries and COPY, and psycopg with the binary format, prepared statements and NOTIFY."""

import psycopg

from other import Other, folder, run, serving

PORT = 5432
PROGRAMS = "/usr/lib/postgresql/15/bin"
AS_POSTGRES = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
PLACE = f"host=127.0.0.1 port={PORT} user=postgres sslmode=disable gssencmode=disable"

STATEMENTS = """
CREATE TABLE ferries (number int PRIMARY KEY, name text, late float8, log bytea);
INSERT INTO ferries SELECT n, 'ferry ' || repeat('~', n), n / 7.0, decode(repeat('8182', n), 'hex') FROM generate_series(1, 60) n;
SELECT * FROM ferries;
SELECT nothing;
\\copy ferries TO STDOUT
\\copy ferries (number, name) FROM STDIN
101\tOne
102\tTwo
\\.
SELECT count(*) FROM ferries;
"""


def by_psycopg():
    with psycopg.connect(PLACE) as connection:
        cursor = connection.cursor(binary=True)
        for number in range(1, 60, 2):
            cursor.execute("SELECT * FROM ferries WHERE number = %b", [number], prepare=True)
            cursor.fetchall()
        for length in [0, 1, 60, *range(118, 134), 4_000]:
            cursor.execute("SELECT %b, %b", [b"\x82" * length, length])
            cursor.fetchall()
        with cursor.copy("COPY ferries TO STDOUT (FORMAT binary)") as copy:
            for _ in copy:
                pass
        connection.commit()
        cursor.execute("LISTEN harbour")
        for number in range(5):
            cursor.execute("SELECT pg_notify('harbour', %s)", [f"ferry {number} sails"])
            connection.commit()


with folder(owner="postgres") as path:
    run(*AS_POSTGRES, f"{PROGRAMS}/initdb", "-D", path / "data", "-A", "trust", "--no-sync", cwd=path)
    with serving([*AS_POSTGRES, f"{PROGRAMS}/postgres", "-D", path / "data", "-k", path, "-h", "127.0.0.1", "-p", PORT], PORT, cwd=path):
        with Other("postgresql", ports=[PORT], protocols=["pgsql"]):
            run("psql", "--no-psqlrc", PLACE, input=STATEMENTS.encode())
            by_psycopg()
