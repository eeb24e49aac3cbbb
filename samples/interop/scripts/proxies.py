"""The commands of the proxies, each with a configuration of its own: it listens on one port and forwards to another."""


def written(directory, name, text):
    path = directory / name
    path.write_text(text)
    return path


def nginx(directory, port, backend):
    configuration = written(directory, f"nginx{port}.conf", f"""
        daemon off;
        worker_processes 1;
        user root;
        pid {directory}/nginx{port}.pid;
        events {{}}
        http {{
            access_log off;
            proxy_temp_path {directory}/proxy; client_body_temp_path {directory}/body; fastcgi_temp_path {directory}/fastcgi;
            uwsgi_temp_path {directory}/uwsgi; scgi_temp_path {directory}/scgi;
            server {{
                listen 127.0.0.1:{port};
                location / {{
                    proxy_pass http://127.0.0.1:{backend};
                    proxy_http_version 1.1;
                    proxy_set_header Upgrade $http_upgrade;
                    proxy_set_header Connection "upgrade";
                }}
            }}
        }}""")
    return ["nginx", "-e", "stderr", "-c", configuration]


def haproxy(directory, port, backend):
    configuration = written(directory, f"haproxy{port}.cfg", f"""
defaults
    mode http
    timeout connect 5s
    timeout client 20s
    timeout server 20s
    timeout tunnel 20s
frontend front
    bind 127.0.0.1:{port}
    default_backend back
backend back
    server one 127.0.0.1:{backend}
""")
    return ["haproxy", "-db", "-f", configuration]


def apache(directory, port, backend):
    modules = "/usr/lib/apache2/modules"
    configuration = written(directory, f"apache{port}.conf", f"""
        ServerRoot {directory}
        ServerName localhost
        PidFile {directory}/apache{port}.pid
        DefaultRuntimeDir {directory}
        ErrorLog /dev/stderr
        Listen 127.0.0.1:{port}
        LoadModule mpm_event_module {modules}/mod_mpm_event.so
        LoadModule authz_core_module {modules}/mod_authz_core.so
        LoadModule proxy_module {modules}/mod_proxy.so
        LoadModule proxy_http_module {modules}/mod_proxy_http.so
        LoadModule proxy_wstunnel_module {modules}/mod_proxy_wstunnel.so
        StartServers 1
        ProxyPass "/" "ws://127.0.0.1:{backend}/"
        """)
    return ["apache2", "-D", "FOREGROUND", "-f", configuration]


def lighttpd(directory, port, backend):
    configuration = written(directory, f"lighttpd{port}.conf", f"""
server.document-root = "{directory}"
server.bind = "127.0.0.1"
server.port = {port}
server.modules = ( "mod_proxy" )
proxy.server = ( "" => (( "host" => "127.0.0.1", "port" => {backend} )) )
proxy.header = ( "upgrade" => "enable" )
""")
    return ["lighttpd", "-D", "-f", configuration]


def caddy(directory, port, backend):
    configuration = written(directory, f"Caddyfile{port}", f"""
{{
    admin off
    auto_https off
}}
http://:{port} {{
    bind 127.0.0.1
    reverse_proxy 127.0.0.1:{backend}
}}
""")
    return ["caddy", "run", "--adapter", "caddyfile", "--config", str(configuration)]


PROXIES = {"nginx": nginx, "haproxy": haproxy, "apache": apache, "lighttpd": lighttpd, "caddy": caddy}
