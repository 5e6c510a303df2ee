package io.driftwatch.alerts.deliver;

import static io.driftwatch.alerts.TestingAlerts.firing;
import static io.driftwatch.alerts.TestingAlerts.notification;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.driftwatch.alerts.ManualClock;
import io.driftwatch.schemas.Delivery;
import io.driftwatch.schemas.DeliveryOutcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.Key;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers with certificates of an authority of one's own, and servers that ask who we are. */
class TlsTest {
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final RetryPolicy ONCE =
            new RetryPolicy(List.of(), Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ZERO);

    @TempDir private Path folder;
    private HttpsServer server;
    private boolean asksWhoWeAre;

    @BeforeEach
    void makeCertificates() throws Exception {
        pair("server", "RSA");
        pair("client", "EC");
        SSLContext context =
                new TlsConfig(pem("client.crt"), pem("server.crt"), pem("server.key")).context();
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(
                new HttpsConfigurator(context) {
                    @Override
                    public void configure(HttpsParameters parameters) {
                        SSLParameters ssl = context.getDefaultSSLParameters();
                        ssl.setNeedClientAuth(asksWhoWeAre);
                        parameters.setSSLParameters(ssl);
                    }
                });
        server.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private String pem(String name) {
        return folder.resolve(name).toString();
    }

    /** A key and a certificate that it has signed itself, by the JDK's own tool. */
    private void pair(String name, String type) throws Exception {
        Path store = folder.resolve(name + ".p12");
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                name,
                                "-keyalg",
                                type,
                                "-dname",
                                "CN=localhost",
                                "-ext",
                                "san=dns:localhost",
                                "-validity",
                                "2",
                                "-storetype",
                                "PKCS12",
                                "-keystore",
                                store.toString(),
                                "-storepass",
                                "changeit")
                        .redirectErrorStream(true)
                        .start();
        keytool.getInputStream().readAllBytes();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD);
        Key key = keys.getKey(name, PASSWORD);
        write(name + ".key", "PRIVATE KEY", key.getEncoded());
        write(name + ".crt", "CERTIFICATE", keys.getCertificate(name).getEncoded());
    }

    private void write(String file, String what, byte[] bytes) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        Files.writeString(
                folder.resolve(file),
                "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
    }

    private Delivery send(TlsConfig tls) {
        try (Deliverer deliverer = deliverer(tls)) {
            return send(deliverer);
        }
    }

    private Deliverer deliverer(TlsConfig tls) {
        WebhookEndpoint endpoint =
                new WebhookEndpoint(
                        "webhook[0]",
                        Secret.of("https://localhost:" + server.getAddress().getPort() + "/x"),
                        WebhookEndpoint.Format.JSON,
                        Map.of(),
                        List.of(),
                        null);
        return new Deliverer(
                List.of(new ReceiverConfig("ml-team", List.of(endpoint))),
                ONCE,
                new DeliveryConfig(new AddressGuard(List.of("localhost")), tls),
                new ManualClock(Instant.EPOCH));
    }

    private static Delivery send(Deliverer deliverer) {
        return deliverer
                .deliver(notification("ml-team", List.of(firing("a", 1, 1))))
                .orTimeout(30, TimeUnit.SECONDS)
                .join()
                .get(0);
    }

    @Test
    void aServerThatNobodyVouchesForIsNotTold() {
        Delivery delivery = send(TlsConfig.STANDARD);

        assertThat(delivery.getOutcome()).isEqualTo(DeliveryOutcome.exhausted);
        assertThat(delivery.getReason()).isEqualTo("the TLS connection failed");
    }

    @Test
    void aServerOfAGivenAuthorityIsTold() {
        assertThat(send(new TlsConfig(pem("server.crt"), null, null)).getOutcome())
                .isEqualTo(DeliveryOutcome.delivered);
    }

    @Test
    void aServerThatAsksWhoWeAreIsShownOurCertificate() {
        asksWhoWeAre = true;

        assertThat(send(new TlsConfig(pem("server.crt"), null, null)).getOutcome())
                .isEqualTo(DeliveryOutcome.exhausted);
        assertThat(
                        send(new TlsConfig(pem("server.crt"), pem("client.crt"), pem("client.key")))
                                .getOutcome())
                .isEqualTo(DeliveryOutcome.delivered);
    }

    @Test
    void aFileThatIsWrongOrMissingIsSaidAndReadAnewWhenItHasChanged() throws Exception {
        Path file = folder.resolve("later.crt");
        try (Deliverer deliverer = deliverer(new TlsConfig(file.toString(), null, null))) {
            assertThat(send(deliverer).getReason()).contains("cannot be read");
            Files.writeString(file, "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n");
            assertThat(send(deliverer).getReason()).contains("do not hold what they should");
            Files.copy(
                    folder.resolve("server.crt"),
                    file,
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(5)));
            assertThat(send(deliverer).getOutcome()).isEqualTo(DeliveryOutcome.delivered);
        }
    }
}
