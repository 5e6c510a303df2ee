package io.driftwatch.alerts.deliver;

import io.driftwatch.schemas.Notification;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.Date;
import java.util.Optional;
import java.util.Properties;
import javax.net.ssl.SSLContext;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.eclipse.angus.mail.smtp.SMTPTransport;

/**
 * Makes single attempts over SMTP (RFC 5321): replies from 400 on mean that it may work later, from
 * 500 on that it never will. Every failure becomes an {@link Answer}, in words of our own.
 */
final class Mailer {
    private static final int NEVER = 500;
    private static final int LATER = 400;

    private final RetryPolicy policy;
    private final DeliveryConfig config;
    private final Clock clock;

    Mailer(RetryPolicy policy, DeliveryConfig config, Clock clock) {
        this.policy = policy;
        this.config = config;
        this.clock = clock;
    }

    /** Sends a mail and waits for the server's reply. */
    Answer mail(EmailEndpoint endpoint, Notification notification) {
        String password;
        try {
            Optional<String> refusal =
                    config.guard().refusal(endpoint.host(), !endpoint.requireTls());
            if (refusal.isPresent()) {
                return Answer.failed(refusal.get());
            }
            password = endpoint.password() == null ? null : endpoint.password().reveal();
        } catch (UnknownHostException e) {
            return Answer.failed("the host name cannot be resolved");
        } catch (SecretFileException e) {
            return Answer.failed(e.getMessage());
        }
        // Its parts are found by the loader of the thread, which in a job is the cluster's.
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(Mailer.class.getClassLoader());
        try {
            return mail(endpoint, notification, password, config.tls().context());
        } catch (IOException e) {
            return Answer.failed("a file of delivery.tls cannot be read");
        } catch (GeneralSecurityException e) {
            return Answer.failed("the files of delivery.tls do not hold what they should");
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    private Answer mail(
            EmailEndpoint endpoint, Notification notification, String password, SSLContext tls) {
        Properties properties = properties(endpoint);
        properties.put("mail.smtp.ssl.socketFactory", tls.getSocketFactory());
        Session session = Session.getInstance(properties);
        try (Transport transport = session.getTransport("smtp")) {
            MimeMessage message = message(endpoint, notification, session);
            transport.connect(endpoint.host(), endpoint.port(), endpoint.username(), password);
            transport.sendMessage(message, message.getAllRecipients());
            return Answer.done("SMTP " + ((SMTPTransport) transport).getLastReturnCode());
        } catch (AuthenticationFailedException e) {
            return Answer.hopeless("the server refused user name and password");
        } catch (AddressException e) {
            return Answer.hopeless("an address is not valid");
        } catch (MessagingException e) {
            return failure(e);
        }
    }

    private Properties properties(EmailEndpoint endpoint) {
        boolean isImplicit = endpoint.port() == EmailEndpoint.IMPLICIT_TLS;
        Properties properties = new Properties();
        properties.put("mail.smtp.auth", Boolean.toString(endpoint.username() != null));
        properties.put("mail.smtp.ssl.enable", Boolean.toString(isImplicit));
        properties.put("mail.smtp.starttls.enable", Boolean.toString(!isImplicit));
        properties.put(
                "mail.smtp.starttls.required",
                Boolean.toString(!isImplicit && endpoint.requireTls()));
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        String connect = Long.toString(policy.connectTimeout().toMillis());
        String request = Long.toString(policy.requestTimeout().toMillis());
        properties.put("mail.smtp.connectiontimeout", connect);
        properties.put("mail.smtp.timeout", request);
        properties.put("mail.smtp.writetimeout", request);
        return properties;
    }

    private MimeMessage message(EmailEndpoint endpoint, Notification notification, Session session)
            throws MessagingException {
        MimeMessage message =
                new MimeMessage(session) {
                    @Override
                    protected void updateMessageID() throws MessagingException {
                        setHeader("Message-ID", MailText.messageId(notification));
                    }
                };
        message.setFrom(new InternetAddress(endpoint.from(), /* strict= */ true));
        for (String to : endpoint.to()) {
            message.addRecipient(
                    Message.RecipientType.TO, new InternetAddress(to, /* strict= */ true));
        }
        message.setSubject(MailText.subject(notification), StandardCharsets.UTF_8.name());
        message.setText(MailText.body(notification), StandardCharsets.UTF_8.name());
        message.setSentDate(Date.from(clock.instant()));
        message.setHeader("References", MailText.threadId(notification));
        message.setHeader("Auto-Submitted", "auto-generated");
        message.setHeader("X-Mailer", UserAgent.VALUE);
        return message;
    }

    private static Answer failure(MessagingException failure) {
        int code = code(failure);
        String words = code > 0 ? "SMTP " + code : "the connection failed or took too long";
        return code >= NEVER ? Answer.hopeless(words) : Answer.failed(words);
    }

    /** The server's reply; 0 if there was none. */
    private static int code(Throwable failure) {
        for (Throwable each = failure; each != null; each = next(each)) {
            int code = 0;
            if (each instanceof SMTPSendFailedException send) {
                code = send.getReturnCode();
            } else if (each instanceof SMTPSenderFailedException sender) {
                code = sender.getReturnCode();
            } else if (each instanceof SMTPAddressFailedException address) {
                code = address.getReturnCode();
            }
            if (code >= LATER) {
                return code;
            }
        }
        return 0;
    }

    private static Throwable next(Throwable failure) {
        return failure instanceof MessagingException messaging
                ? messaging.getNextException()
                : failure.getCause();
    }
}
