package io.driftwatch.alerts.deliver;

import io.driftwatch.schemas.Notification;
import java.util.List;
import java.util.Objects;

/**
 * Mail, by SMTP.
 *
 * @param name such as {@code email[0]}
 * @param from address of the sender
 * @param to addresses of the recipients; copied, not empty
 * @param host the server
 * @param port its port; on 465 the connection is encrypted from the start
 * @param username who logs in; null for nobody
 * @param password the password; null without user name
 * @param requireTls whether the connection must be encrypted
 * @param sendResolved whether it hears of alerts that are resolved
 */
public record EmailEndpoint(
        String name,
        String from,
        List<String> to,
        String host,
        int port,
        String username,
        Secret password,
        boolean requireTls,
        boolean sendResolved)
        implements EndpointConfig {
    static final int IMPLICIT_TLS = 465;

    public EmailEndpoint {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(host, "host");
        to = List.copyOf(to);
    }

    @Override
    public Pace pace() {
        return Pace.perSecond(1, 5);
    }

    @Override
    public String preview(Notification notification) {
        return "SMTP "
                + host
                + ":"
                + port
                + "\nFrom: "
                + from
                + "\nTo: "
                + String.join(", ", to)
                + "\nSubject: "
                + MailText.subject(notification)
                + "\nMessage-ID: "
                + MailText.messageId(notification)
                + "\n\n"
                + MailText.body(notification);
    }
}
