"""mysql.pcap: MariaDB with its own client, PyMySQL, and the binary protocol of MySQL's connector.

A packet begins with its length, the lowest byte first: those of 0x81 and 0x82 bytes begin like a frame.
"""

import mysql.connector
import pymysql

from other import Other, folder, run, serving

PORT = 3306
LENGTHS = [0, 1, 2, 5, 60, *range(122, 136), 250, 251, 3_000]

STATEMENTS = """
CREATE DATABASE harbour; USE harbour;
CREATE TABLE ferries (number INT PRIMARY KEY, name VARCHAR(300), late DOUBLE, log BLOB, sails DATETIME);
INSERT INTO ferries SELECT seq, CONCAT('ferry ', REPEAT('~', seq)), seq / 7, UNHEX(REPEAT('8182', seq)), NOW() FROM seq_1_to_60;
SELECT * FROM ferries; SELECT COUNT(*) FROM ferries; SHOW TABLES;
"""


def by_pymysql():
    with pymysql.connect(host="127.0.0.1", port=PORT, user="root", database="harbour") as connection:
        cursor = connection.cursor()
        for length in LENGTHS:
            cursor.execute("SELECT %s", ["x" * length])
            cursor.execute("SELECT REPEAT('y', %s), NULL", [length])
        cursor.execute("UPDATE ferries SET late = late + 1 WHERE number < 20")
        connection.commit()
        connection.ping()


def by_connector():
    # The server does not know the collation that this client would ask for.
    connection = mysql.connector.connect(host="127.0.0.1", port=PORT, user="root", database="harbour", use_pure=True,
                                         ssl_disabled=True, collation="utf8mb4_general_ci")
    cursor = connection.cursor(prepared=True)
    for number in range(1, 60, 3):
        cursor.execute("SELECT number, name, late, log, sails FROM ferries WHERE number = %s", (number,))
        cursor.fetchall()
    for length in LENGTHS:
        cursor.execute("SELECT %s, %s", ("z" * length, length))
        cursor.fetchall()
    cursor.close()
    connection.close()


with folder() as path:
    run("mariadb-install-db", "--no-defaults", "--user=root", f"--datadir={path}/data", "--auth-root-authentication-method=normal",
        "--skip-test-db")
    with serving(["/usr/sbin/mariadbd", "--no-defaults", "--user=root", f"--datadir={path}/data", f"--socket={path}/socket",
                  f"--port={PORT}", "--bind-address=127.0.0.1", "--innodb-buffer-pool-size=16M"], PORT):
        with Other("mysql", ports=[PORT], protocols=["mysql"]):
            run("mariadb", "--no-defaults", "--skip-ssl", "-h", "127.0.0.1", "-u", "root", "-e", STATEMENTS)
            by_pymysql()
            by_connector()
