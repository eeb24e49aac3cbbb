/// The tables that observations are written to, and what is made of them once they are complete.
///
/// Times are text as in RFC 3339, and beside it nanoseconds since 1970. Flags are 0 and 1; what is not there is null.
enum DatabaseSchema {
    static let version = 2

    static let tables = """
        CREATE TABLE handshakes (
            connection INTEGER PRIMARY KEY,
            time TEXT NOT NULL, time_ns INTEGER NOT NULL, packet INTEGER NOT NULL,
            client_ip TEXT NOT NULL, client_port INTEGER NOT NULL,
            server_ip TEXT NOT NULL, server_port INTEGER NOT NULL,
            community_id TEXT NOT NULL, verdict TEXT NOT NULL,
            method TEXT, target TEXT, path TEXT, query TEXT, host TEXT, origin TEXT, user_agent TEXT,
            protocols_offered TEXT, extensions_offered TEXT,
            status INTEGER, reason TEXT, protocol TEXT, extensions TEXT, accept_valid INTEGER,
            connection_id TEXT NOT NULL,
            tls_version TEXT, tls_cipher TEXT, tls_server_name TEXT, tls_alpn TEXT, tls_client_random TEXT, tls_keys TEXT,
            transport TEXT, stream INTEGER,
            response_seconds REAL, response_body, response_body_truncated INTEGER
        );
        CREATE TABLE tls (
            id INTEGER PRIMARY KEY,
            time TEXT NOT NULL, time_ns INTEGER NOT NULL, packet INTEGER NOT NULL,
            client_ip TEXT NOT NULL, client_port INTEGER NOT NULL,
            server_ip TEXT NOT NULL, server_port INTEGER NOT NULL,
            version TEXT, cipher TEXT, server_name TEXT, alpn TEXT, client_random TEXT, keys TEXT,
            reason TEXT, alert_sender TEXT, alert_description TEXT,
            records_read INTEGER, records_unread INTEGER,
            search_tries INTEGER, search_sessions INTEGER, search_reached_number INTEGER, search_limited INTEGER,
            transport TEXT, quic_version TEXT
        );
        CREATE TABLE headers (
            connection INTEGER NOT NULL, sender TEXT NOT NULL, position INTEGER NOT NULL,
            name TEXT NOT NULL, value TEXT NOT NULL,
            PRIMARY KEY (connection, sender, position)
        ) WITHOUT ROWID;
        CREATE TABLE connections (
            number INTEGER PRIMARY KEY,
            client_ip TEXT NOT NULL, client_port INTEGER NOT NULL,
            server_ip TEXT NOT NULL, server_port INTEGER NOT NULL,
            opened TEXT NOT NULL, closed TEXT NOT NULL, duration_seconds REAL,
            close_initiator TEXT, close_initiated_by TEXT, close_code INTEGER, close_reason TEXT,
            close_clean INTEGER NOT NULL, idle_seconds REAL, ended_by TEXT NOT NULL, ended_by_sender TEXT,
            client_frames INTEGER NOT NULL, client_messages INTEGER NOT NULL, client_bytes INTEGER NOT NULL,
            client_missing_bytes INTEGER NOT NULL,
            server_frames INTEGER NOT NULL, server_messages INTEGER NOT NULL, server_bytes INTEGER NOT NULL,
            server_missing_bytes INTEGER NOT NULL,
            pings INTEGER NOT NULL, pings_answered INTEGER NOT NULL, rtt_median_seconds REAL,
            close_outcome TEXT, connection_id TEXT NOT NULL,
            transport TEXT, stream INTEGER, reset_code TEXT,
            pair INTEGER, pair_by TEXT, pair_leg TEXT, pair_delay_seconds REAL,
            tcp_rtt_seconds REAL, client_retransmitted_segments INTEGER, client_zero_window_seconds REAL,
            server_retransmitted_segments INTEGER, server_zero_window_seconds REAL
        );
        CREATE TABLE frames (
            connection INTEGER NOT NULL, number INTEGER NOT NULL, message INTEGER,
            time TEXT NOT NULL, time_ns INTEGER NOT NULL, packet INTEGER NOT NULL, sender TEXT NOT NULL,
            fin INTEGER NOT NULL, rsv1 INTEGER NOT NULL, rsv2 INTEGER NOT NULL, rsv3 INTEGER NOT NULL,
            opcode INTEGER NOT NULL, kind TEXT NOT NULL, masked INTEGER NOT NULL, masking_key TEXT,
            length INTEGER NOT NULL, incomplete INTEGER NOT NULL,
            close_code INTEGER, close_reason TEXT, payload,
            PRIMARY KEY (connection, number)
        ) WITHOUT ROWID;
        CREATE TABLE messages (
            connection INTEGER NOT NULL, number INTEGER NOT NULL,
            time TEXT NOT NULL, time_ns INTEGER NOT NULL, first_time TEXT NOT NULL,
            packet INTEGER NOT NULL, first_packet INTEGER NOT NULL, sender TEXT NOT NULL, kind TEXT NOT NULL,
            first_frame INTEGER NOT NULL, frames INTEGER NOT NULL,
            compressed INTEGER NOT NULL, inflated INTEGER, wire_length INTEGER NOT NULL, length INTEGER NOT NULL,
            incomplete INTEGER NOT NULL, truncated INTEGER NOT NULL, payload,
            PRIMARY KEY (connection, number)
        );
        CREATE TABLE application_items (
            connection INTEGER NOT NULL, message INTEGER NOT NULL, position INTEGER NOT NULL,
            time TEXT NOT NULL, time_ns INTEGER NOT NULL, sender TEXT NOT NULL,
            protocol TEXT NOT NULL, kind TEXT NOT NULL, name TEXT, id TEXT,
            error INTEGER NOT NULL, error_code TEXT, error_text TEXT,
            reply_to INTEGER, latency_seconds REAL, heartbeat INTEGER NOT NULL, malformed TEXT, summary TEXT NOT NULL,
            PRIMARY KEY (connection, message, position)
        ) WITHOUT ROWID;
        CREATE TABLE findings (
            id INTEGER PRIMARY KEY,
            connection INTEGER NOT NULL, frame INTEGER,
            time TEXT NOT NULL, time_ns INTEGER NOT NULL, packet INTEGER NOT NULL, sender TEXT,
            finding TEXT NOT NULL, severity TEXT NOT NULL, reference TEXT NOT NULL,
            detail TEXT NOT NULL, evidence TEXT NOT NULL
        );
        """

    /// Made last: rows are added faster without them.
    static let indexes = """
        CREATE INDEX handshakes_by_host ON handshakes (host, path);
        CREATE INDEX handshakes_by_verdict ON handshakes (verdict);
        CREATE INDEX headers_by_name ON headers (name COLLATE NOCASE);
        CREATE INDEX connections_by_code ON connections (close_code);
        CREATE INDEX frames_by_time ON frames (time_ns);
        CREATE INDEX frames_by_packet ON frames (packet);
        CREATE INDEX messages_by_time ON messages (time_ns);
        CREATE INDEX application_items_by_name ON application_items (name);
        CREATE INDEX application_items_by_answer ON application_items (connection, reply_to);
        CREATE INDEX findings_by_name ON findings (finding);
        CREATE INDEX findings_by_connection ON findings (connection, frame);
        """

    static let views = """
        CREATE VIEW overview AS
            SELECT h.connection, h.time, h.client_ip, h.client_port, h.host, h.path, h.verdict, h.status, h.protocol,
                c.duration_seconds, c.client_messages, c.server_messages, c.client_bytes, c.server_bytes,
                c.close_initiator, c.close_code, c.close_clean, c.ended_by,
                (SELECT count(*) FROM findings f WHERE f.connection = h.connection) AS findings
            FROM handshakes h LEFT JOIN connections c ON c.number = h.connection;
        CREATE VIEW conversation AS
            SELECT m.connection, m.number, m.time, m.sender, h.host, h.path, m.kind, m.length, m.payload
            FROM messages m LEFT JOIN handshakes h ON h.connection = m.connection;
        CREATE VIEW slow_requests AS
            SELECT a.connection, h.host, h.path, q.time, a.reply_to AS message, q.sender, q.protocol, q.kind, q.name, q.id,
                a.message AS answer, a.latency_seconds, a.error, q.summary
            FROM application_items a
            JOIN application_items q ON q.connection = a.connection AND q.message = a.reply_to AND q.position =
                (SELECT min(p.position) FROM application_items p
                WHERE p.connection = a.connection AND p.message = a.reply_to AND (p.id IS a.id OR p.id IS NULL))
            LEFT JOIN handshakes h ON h.connection = a.connection
            WHERE a.latency_seconds IS NOT NULL
            ORDER BY a.latency_seconds DESC;
        CREATE VIEW finding_counts AS
            SELECT finding, severity, reference, count(*) AS count, count(DISTINCT connection) AS connections,
                min(packet) AS first_packet
            FROM findings GROUP BY finding;
        CREATE VIEW unclean_ends AS
            SELECT c.number AS connection, h.host, h.path, c.closed, c.close_initiator, c.close_initiated_by,
                c.close_code, c.idle_seconds, c.ended_by
            FROM connections c LEFT JOIN handshakes h ON h.connection = c.number
            WHERE NOT c.close_clean AND c.ended_by IN ('fin', 'rst');
        """
}
