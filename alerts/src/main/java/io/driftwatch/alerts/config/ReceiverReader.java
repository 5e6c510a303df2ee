package io.driftwatch.alerts.config;

import io.driftwatch.alerts.deliver.AddressGuard;
import io.driftwatch.alerts.deliver.AlertmanagerEndpoint;
import io.driftwatch.alerts.deliver.Chat;
import io.driftwatch.alerts.deliver.ChatEndpoint;
import io.driftwatch.alerts.deliver.EmailEndpoint;
import io.driftwatch.alerts.deliver.EndpointConfig;
import io.driftwatch.alerts.deliver.HttpAddress;
import io.driftwatch.alerts.deliver.PagerDutyEndpoint;
import io.driftwatch.alerts.deliver.ReceiverConfig;
import io.driftwatch.alerts.deliver.Secret;
import io.driftwatch.alerts.deliver.WebhookEndpoint;
import io.driftwatch.alerts.deliver.WebhookSignature;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the part {@code receivers} of the file. No message quotes an address or a header. */
final class ReceiverReader {
    private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern HEADER_VALUE = Pattern.compile("[\\t\\x20-\\x7e]*");

    private static final Pattern CONNECTOR =
            Pattern.compile("https://([^/]*\\.)?(webhook\\.office|outlook\\.office)\\.com/");

    private static final Pattern SMARTHOST =
            Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9a-fA-F:.]+\\]):([0-9]{1,5})");

    private static final Pattern MAIL_ADDRESS = Pattern.compile("[^\\s@<>,;:\"()]+@[A-Za-z0-9.-]+");

    /** Set by us on each request, or by the HTTP client and not open to others. */
    private static final Set<String> OWN_HEADERS =
            Set.of(
                    "connection",
                    "content-length",
                    "content-type",
                    "expect",
                    "host",
                    "idempotency-key",
                    "upgrade",
                    "user-agent",
                    "webhook-id",
                    "webhook-signature",
                    "webhook-timestamp");

    private final AddressGuard guard;
    private final Map<String, String> pathsByName = new HashMap<>();

    ReceiverReader(AddressGuard guard) {
        this.guard = guard;
    }

    List<ReceiverConfig> read(ConfigMapping root) {
        List<ReceiverConfig> receivers = new ArrayList<>();
        for (ConfigMapping mapping : root.mappings("receivers")) {
            receivers.add(receiver(mapping));
        }
        return receivers;
    }

    private ReceiverConfig receiver(ConfigMapping mapping) {
        String name = name(mapping);
        List<EndpointConfig> endpoints = new ArrayList<>();
        for (Chat chat : Chat.values()) {
            int chats = 0;
            for (ConfigMapping each : mapping.mappings(chat.key())) {
                String endpoint = chat.key() + "[" + chats++ + "]";
                boolean sendResolved = sendResolved(each);
                url(each)
                        .ifPresent(
                                url ->
                                        endpoints.add(
                                                new ChatEndpoint(
                                                        endpoint, chat, url, sendResolved)));
                checkConnector(chat, each);
                each.end();
            }
        }
        int pagers = 0;
        for (ConfigMapping pager : mapping.mappings("pagerduty")) {
            pagerDuty(pager, "pagerduty[" + pagers++ + "]").ifPresent(endpoints::add);
            pager.end();
        }
        int mails = 0;
        for (ConfigMapping each : mapping.mappings("email")) {
            email(each, "email[" + mails++ + "]").ifPresent(endpoints::add);
            each.end();
        }
        int alertmanagers = 0;
        for (ConfigMapping each : mapping.mappings("alertmanager")) {
            alertmanager(each, "alertmanager[" + alertmanagers++ + "]").ifPresent(endpoints::add);
            each.end();
        }
        int webhooks = 0;
        for (ConfigMapping webhook : mapping.mappings("webhook")) {
            webhook(webhook, "webhook[" + webhooks++ + "]").ifPresent(endpoints::add);
            webhook.end();
        }
        mapping.end();
        return new ReceiverConfig(name, endpoints);
    }

    private String name(ConfigMapping mapping) {
        String name = mapping.string("name", null);
        String first = pathsByName.putIfAbsent(name, mapping.path());
        if (mapping.kind("name") == Kind.SCALAR && name.isBlank()) {
            mapping.problem("name", "is empty; use for example ml-team");
        } else if (first != null && !name.isEmpty()) {
            mapping.problem(
                    "name",
                    Quoted.of(name) + " is already the name of " + first + "; use another one");
        }
        return name;
    }

    private Optional<EndpointConfig> pagerDuty(ConfigMapping mapping, String name) {
        Secret url = Secret.of(PagerDutyEndpoint.STANDARD_URL);
        if (mapping.has("url") || mapping.has("url_file")) {
            url = url(mapping).orElse(url);
        }
        Secret address = url;
        boolean sendResolved = sendResolved(mapping);
        return secret(mapping, "routing_key", "the integration's key")
                .map(key -> new PagerDutyEndpoint(name, address, key, sendResolved));
    }

    private Optional<EndpointConfig> email(ConfigMapping mapping, String name) {
        List<String> to = mapping.strings("to");
        if (to.isEmpty()) {
            mapping.problem("to", "missing; give it an address or a list of them");
        }
        String from = mapping.string("from", null);
        checkMailAddresses(mapping, "to", to);
        checkMailAddresses(mapping, "from", from.isEmpty() ? List.of() : List.of(from));
        boolean requireTls = mapping.flag("require_tls", true);
        boolean sendResolved = sendResolved(mapping);
        Optional<String> username = mapping.optionalString("auth_username");
        Optional<Secret> password = Optional.empty();
        if (username.isPresent()) {
            password = secret(mapping, "auth_password", "the user's password");
        } else if (mapping.has("auth_password") || mapping.has("auth_password_file")) {
            mapping.problem("auth_username", "missing; a password stands here");
        }
        String smarthost = mapping.string("smarthost", null);
        Matcher server = SMARTHOST.matcher(smarthost);
        if (!server.matches()) {
            if (!smarthost.isEmpty()) {
                mapping.problem(
                        "smarthost",
                        Quoted.of(smarthost)
                                + " is not a server; use for example smtp.example.org:587");
            }
            return Optional.empty();
        }
        String host = server.group(1);
        int port = Integer.parseInt(server.group(2));
        guard.certainRefusal(host, !requireTls).ifPresent(why -> mapping.problem("smarthost", why));
        return Optional.of(
                new EmailEndpoint(
                        name,
                        from,
                        to,
                        host,
                        port,
                        username.orElse(null),
                        password.orElse(null),
                        requireTls,
                        sendResolved));
    }

    private static void checkMailAddresses(
            ConfigMapping mapping, String key, List<String> addresses) {
        for (String address : addresses) {
            if (!MAIL_ADDRESS.matcher(address).matches()) {
                mapping.problem(
                        key,
                        Quoted.of(address)
                                + " is not an address; use for example ml-team@example.org");
            }
        }
    }

    private Optional<EndpointConfig> alertmanager(ConfigMapping mapping, String name) {
        Map<String, Secret> headers = headers(mapping);
        return url(mapping).map(url -> new AlertmanagerEndpoint(name, url, headers));
    }

    private static boolean sendResolved(ConfigMapping mapping) {
        return mapping.flag("send_resolved", true);
    }

    /** Reads a secret that must be there, as it is or as the file with it. */
    private static Optional<Secret> secret(ConfigMapping mapping, String key, String what) {
        String fileKey = key + "_file";
        Optional<String> text = mapping.optionalString(key);
        Optional<String> file = mapping.optionalString(fileKey);
        if (mapping.has(key) && mapping.has(fileKey)) {
            mapping.problem(fileKey, "stands beside " + key + "; keep one of the two");
        } else if (mapping.kind(key) == Kind.ABSENT && mapping.kind(fileKey) == Kind.ABSENT) {
            mapping.problem(
                    key, "missing; give it " + what + ", or " + fileKey + " the file with it");
        }
        if (text.orElse("x").isBlank() || file.orElse("x").isBlank()) {
            mapping.problem(text.isPresent() ? key : fileKey, "is empty; give it " + what);
        }
        return text.map(Secret::of).or(() -> file.map(Secret::ofFile));
    }

    private Optional<EndpointConfig> webhook(ConfigMapping mapping, String name) {
        Optional<Secret> url = url(mapping);
        WebhookEndpoint.Format format =
                mapping.choice(
                        "format", WebhookEndpoint.Format.class, WebhookEndpoint.Format.CLOUDEVENTS);
        String body = body(mapping, format);
        Map<String, Secret> headers = headers(mapping);
        Duration timeout = timeout(mapping);
        List<Secret> signing = signingSecrets(mapping);
        boolean sendResolved = sendResolved(mapping);
        // Without its body it is no template; the mistake has been said.
        boolean lacksBody = format == WebhookEndpoint.Format.TEMPLATE && body == null;
        WebhookEndpoint.Format usable = lacksBody ? WebhookEndpoint.Format.JSON : format;
        return url.map(
                u ->
                        new WebhookEndpoint(
                                name, u, usable, body, headers, signing, timeout, sendResolved));
    }

    /** The template of a body, if the format wants one; null otherwise, or if it has a mistake. */
    private static String body(ConfigMapping mapping, WebhookEndpoint.Format format) {
        Optional<String> body = mapping.optionalString("body");
        if (format != WebhookEndpoint.Format.TEMPLATE) {
            body.ifPresent(given -> mapping.problem("body", "is for format: template"));
            return null;
        }
        if (body.isEmpty()) {
            mapping.problem("body", "missing; give it JSON such as '{\"text\": \"{{title}}\"}'");
            return null;
        }
        Optional<String> mistake = WebhookEndpoint.mistakeInBody(body.get());
        mistake.ifPresent(why -> mapping.problem("body", why));
        return mistake.isPresent() ? null : body.get();
    }

    /** Several while receivers change from one to the next. */
    private static List<Secret> signingSecrets(ConfigMapping mapping) {
        List<Secret> secrets = new ArrayList<>();
        for (String secret : mapping.strings("signing_secret")) {
            try {
                WebhookSignature.check(secret);
            } catch (IllegalArgumentException mistake) {
                mapping.problem("signing_secret", "(value hidden) " + mistake.getMessage());
            }
            secrets.add(Secret.of(secret));
        }
        for (String file : mapping.strings("signing_secret_file")) {
            secrets.add(Secret.ofFile(file));
        }
        return secrets;
    }

    /** Reads an address that must be there, as it is or as the file with it. */
    Optional<Secret> url(ConfigMapping mapping) {
        Optional<String> url = mapping.optionalString("url");
        Optional<String> file = mapping.optionalString("url_file");
        if (mapping.has("url") && mapping.has("url_file")) {
            mapping.problem("url_file", "stands beside url; keep one of the two");
        } else if (!mapping.has("url") && !mapping.has("url_file")) {
            mapping.problem("url", "missing; give it an address, or url_file the file with it");
        }
        if (url.isPresent()) {
            check(mapping, url.get());
            return url.map(Secret::of);
        }
        if (file.isPresent() && file.get().isBlank()) {
            mapping.problem("url_file", "is empty; use for example /run/secrets/slack");
        }
        return file.map(Secret::ofFile);
    }

    private void check(ConfigMapping mapping, String url) {
        try {
            URI address = HttpAddress.parse(url);
            guard.certainRefusal(address)
                    .ifPresent(why -> mapping.problem("url", "(value hidden) " + why));
        } catch (IllegalArgumentException mistake) {
            mapping.problem(
                    "url",
                    "(value hidden) " + mistake.getMessage() + "; use for example https://host/x");
        }
    }

    /** Microsoft has switched its connectors off; such an address only ever fails. */
    private static void checkConnector(Chat chat, ConfigMapping mapping) {
        String url = mapping.optionalString("url").orElse("");
        if (chat == Chat.MSTEAMS && CONNECTOR.matcher(url).lookingAt()) {
            mapping.problem(
                    "url",
                    "(value hidden) is of an Office 365 connector, which Microsoft has retired;"
                            + " make a workflow from the template 'Post to a channel when a webhook"
                            + " request is received' and use its address");
        }
    }

    private static Map<String, Secret> headers(ConfigMapping mapping) {
        Map<String, Secret> headers = new TreeMap<>();
        mapping.stringMap("headers")
                .forEach(
                        (name, value) -> {
                            checkHeader(mapping, name, value);
                            headers.put(name, Secret.of(value));
                        });
        return headers;
    }

    private static void checkHeader(ConfigMapping mapping, String name, String value) {
        if (!HEADER_NAME.matcher(name).matches()) {
            mapping.problem("headers", Quoted.of(name) + " is not the name of a header");
        } else if (OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
            mapping.problem("headers", Quoted.of(name) + " is set by Driftwatch; leave it out");
        } else if (!HEADER_VALUE.matcher(value).matches()) {
            mapping.problem(
                    "headers",
                    "the value of "
                            + Quoted.of(name)
                            + " (hidden) has other characters than printable ASCII");
        }
    }

    private static Duration timeout(ConfigMapping mapping) {
        if (!mapping.has("timeout")) {
            return null;
        }
        Duration timeout = mapping.duration("timeout", Duration.ofSeconds(15));
        if (timeout.isZero() || timeout.compareTo(WebhookEndpoint.LONGEST_TIMEOUT) > 0) {
            mapping.problem(
                    "timeout",
                    Quoted.of(Durations.format(timeout))
                            + " is not between 1ms and "
                            + Durations.format(WebhookEndpoint.LONGEST_TIMEOUT)
                            + "; use for example 15s");
        }
        return timeout;
    }
}
