package io.driftwatch.alerts.deliver;

import static io.driftwatch.alerts.TestingAlerts.firing;
import static io.driftwatch.alerts.TestingAlerts.notification;
import static io.driftwatch.alerts.TestingAlerts.resolved;
import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.driftwatch.alerts.ManualClock;
import io.driftwatch.schemas.Delivery;
import io.driftwatch.schemas.DeliveryOutcome;
import io.driftwatch.schemas.Notification;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mail, against a mail server that keeps what it gets, and one that answers as told. */
class EmailTest {
    private static final RetryPolicy ONCE_MORE =
            new RetryPolicy(
                    List.of(Duration.ofMillis(1)),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(5),
                    Duration.ofMillis(5));

    private final GreenMail server =
            new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

    @BeforeEach
    void start() {
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    private static EmailEndpoint endpoint(int port, String user, String password, boolean tls) {
        return new EmailEndpoint(
                "email[0]",
                "driftwatch@example.org",
                List.of("ada@example.org", "grace@example.org"),
                "localhost",
                port,
                user,
                password == null ? null : Secret.of(password),
                tls,
                true);
    }

    private EmailEndpoint plain() {
        return endpoint(server.getSmtp().getPort(), null, null, false);
    }

    private static Delivery send(EmailEndpoint endpoint, Notification notification) {
        try (Deliverer deliverer =
                new Deliverer(
                        List.of(new ReceiverConfig("ml-team", List.of(endpoint))),
                        ONCE_MORE,
                        TestingHttpReceiver.ALLOWED,
                        new ManualClock(Instant.parse("2001-06-16T00:01:00Z")))) {
            return deliverer.deliver(notification).orTimeout(60, TimeUnit.SECONDS).join().get(0);
        }
    }

    private static Notification incident() {
        return notification("ml-team", List.of(firing("größe 値", 1, 1), resolved("origin", 1, 2)));
    }

    @Test
    void everyRecipientGetsTheIncidentAsPlainText() throws Exception {
        Delivery delivery = send(plain(), incident());

        assertThat(delivery.getOutcome()).isEqualTo(DeliveryOutcome.delivered);
        assertThat(delivery.getReason()).isEqualTo("SMTP 250");
        MimeMessage[] mails = server.getReceivedMessages();
        assertThat(mails).hasSize(2);
        MimeMessage mail = mails[0];
        assertThat(mail.getSubject()).startsWith("🔴 1 firing, 1 resolved").contains("größe 値");
        assertThat(mail.getContentType()).startsWith("text/plain");
        assertThat((String) mail.getContent())
                .contains("größe 値", "Value: psi 0.31, limit above 0.2", "✅ origin");
        assertThat(mail.getHeader("Auto-Submitted")).containsExactly("auto-generated");
        assertThat(mail.getFrom()[0]).hasToString("driftwatch@example.org");
    }

    @Test
    void theSameNotificationHasTheSameMessageIdAndItsGroupOneThread() throws Exception {
        send(plain(), incident());
        send(plain(), incident());
        Notification next = Notification.newBuilder(incident()).setId("another").build();
        send(plain(), next);

        Set<String> ids = new TreeSet<>();
        Set<String> threads = new TreeSet<>();
        for (MimeMessage mail : server.getReceivedMessages()) {
            ids.add(mail.getMessageID());
            threads.add(mail.getHeader("References")[0]);
        }
        assertThat(ids).containsExactly("<4f2d6c1b9a3e8d70@driftwatch>", "<another@driftwatch>");
        assertThat(threads).hasSize(1);
    }

    @Test
    void logsInWithAUserAndItsPassword() {
        server.setUser("ada@example.org", "ada", "pa55word-ghijkl");

        assertThat(send(login("pa55word-ghijkl"), incident()).getOutcome())
                .isEqualTo(DeliveryOutcome.delivered);
        Delivery refused = send(login("wrong-pa55word"), incident());
        assertThat(refused.getOutcome()).isEqualTo(DeliveryOutcome.rejected);
        assertThat(refused.getReason()).isEqualTo("the server refused user name and password");
        assertThat(login("wrong-pa55word").toString()).doesNotContain("pa55word");
    }

    private EmailEndpoint login(String password) {
        return endpoint(server.getSmtp().getPort(), "ada", password, false);
    }

    @Test
    void nothingIsSentWhereEncryptionIsRequiredAndMissing() {
        EmailEndpoint strict = endpoint(server.getSmtp().getPort(), null, null, true);

        assertThat(send(strict, incident()).getOutcome()).isEqualTo(DeliveryOutcome.exhausted);
        assertThat(server.getReceivedMessages()).isEmpty();
    }

    @Test
    void aNameFromTheDataIsNoHeader() throws Exception {
        String name = "a\r\nBcc: eve@example.org\r\n\r\n.\r\nMAIL FROM:<eve@example.org>";
        send(plain(), notification("ml-team", List.of(firing(name, 1, 1))));

        assertThat(server.getReceivedMessages()).hasSize(2);
        for (MimeMessage mail : server.getReceivedMessages()) {
            assertThat(mail.getHeader("Bcc")).isNull();
            assertThat(mail.getSubject()).doesNotContain("\n", "\r");
            assertThat((String) mail.getContent()).doesNotContain("\r\nBcc");
        }
    }

    @Test
    void fiveHundredAlertsAreShortenedAndCounted() throws Exception {
        String longName = "x".repeat(900);
        Notification many =
                notification(
                        "ml-team",
                        IntStream.range(0, 500).mapToObj(i -> firing(longName + i, 1, 1)).toList());

        assertThat(send(plain(), many).getOutcome()).isEqualTo(DeliveryOutcome.delivered);
        String body = (String) server.getReceivedMessages()[0].getContent();
        assertThat(body.length()).isLessThan(MailText.LONGEST_BODY + 10_000);
        assertThat(body.strip()).containsPattern("… and [0-9]+ more: [0-9]+ firing, 0 resolved$");
    }

    @ParameterizedTest(name = "{0} {1} is {2} after {3}")
    @CsvSource({
        "CONNECT, 421, exhausted, 2",
        "CONNECT, 554, exhausted, 2",
        "MAIL,    451, exhausted, 2",
        "MAIL,    550, rejected,  1",
        "RCPT,    450, exhausted, 2",
        "RCPT,    550, rejected,  1",
        "DATA,    452, exhausted, 2",
        "DATA,    554, rejected,  1",
        "END,     451, exhausted, 2",
        "END,     552, rejected,  1"
    })
    void sortsReplies(String command, int code, DeliveryOutcome outcome, int attempts) {
        try (TestingSmtpServer told =
                new TestingSmtpServer(Map.of(command, code + " T0KEN-abcdef"))) {
            Delivery delivery = send(endpoint(told.port(), null, null, false), incident());

            assertThat(delivery.getOutcome()).isEqualTo(outcome);
            assertThat(delivery.getAttempts()).isEqualTo(attempts);
            assertThat(delivery.getReason()).doesNotContain("T0KEN");
        }
    }

    @Test
    void triesAgainWhenNobodyListens() {
        int port = server.getSmtp().getPort();
        server.stop();

        Delivery delivery = send(endpoint(port, null, null, false), incident());

        assertThat(delivery.getOutcome()).isEqualTo(DeliveryOutcome.exhausted);
        assertThat(delivery.getReason()).isEqualTo("the connection failed or took too long");
    }
}
