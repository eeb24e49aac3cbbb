// The client of java.pcapng, of the JDK's own. Prints what it sent and received.

import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

class Client implements WebSocket.Listener {
    private final LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();

    public static void main(String[] arguments) throws Exception {
        var context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Trusting()}, new SecureRandom());
        var client = new Client();
        var socket = HttpClient.newBuilder().sslContext(context).build().newWebSocketBuilder()
            .buildAsync(URI.create("wss://localhost:8443/feed"), client).get(20, TimeUnit.SECONDS);
        for (var message : List.of("hello from Java", "Grüße, 世界", "long ".repeat(500))) {
            socket.sendText(message, true).get();
            report("sent text " + message);
            client.await();
        }
        // A message in two fragments.
        socket.sendText("first half, ", false).get();
        socket.sendText("second half", true).get();
        report("sent text first half, second half");
        client.await();
        socket.sendBinary(ByteBuffer.wrap(new byte[] {0, 1, 2, -2, -1}), true).get();
        report("sent binary 000102feff");
        client.await();
        socket.sendPing(ByteBuffer.wrap("java".getBytes())).get();
        report("sent ping 6a617661");
        client.await();
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "done").get();
        client.await();
    }

    private void await() throws InterruptedException {
        var line = heard.poll(10, TimeUnit.SECONDS);
        report(line == null ? "nothing" : line);
    }

    private static void report(String line) {
        System.out.println(line);
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            heard.add("heard text " + text);
            text.setLength(0);
        }
        socket.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
        heard.add("heard binary " + hex(data));
        socket.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onPong(WebSocket socket, ByteBuffer data) {
        heard.add("heard pong " + hex(data));
        socket.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
        heard.add("heard close " + code + " " + reason);
        return null;
    }

    private static String hex(ByteBuffer data) {
        var bytes = new byte[data.remaining()];
        data.get(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Trusts every certificate: here, each signs itself. */
    private static class Trusting extends X509ExtendedTrustManager {
        @Override public void checkClientTrusted(X509Certificate[] chain, String kind) {}
        @Override public void checkServerTrusted(X509Certificate[] chain, String kind) {}
        @Override public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket) {}
        @Override public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket) {}
        @Override public void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine) {}
        @Override public void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine) {}
        @Override public X509Certificate[] getAcceptedIssuers() { return new X509Certificate[0]; }
    }
}
