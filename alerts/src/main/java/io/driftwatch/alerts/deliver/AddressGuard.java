package io.driftwatch.alerts.deliver;

import java.io.Serializable;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Keeps deliveries away from where they have no business: from this machine, from the services that
 * clouds offer to their machines, and from private networks, unless the configuration names the
 * host or its network. Clear text is for named hosts and networks only.
 *
 * <p>It looks at every address that a name resolves to, at each attempt. The HTTP client resolves
 * the name once more when it connects, and the guard does not see that: against a name server that
 * changes its answer within a moment only an egress proxy helps.
 */
public final class AddressGuard implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Addresses that are not of the public internet (IANA's special-purpose registries). */
    private static final List<AddressRange> NOT_PUBLIC =
            ranges(
                    "0.0.0.0/8",
                    "10.0.0.0/8",
                    "100.64.0.0/10",
                    "127.0.0.0/8",
                    "169.254.0.0/16",
                    "172.16.0.0/12",
                    "192.0.0.0/24",
                    "192.168.0.0/16",
                    "198.18.0.0/15",
                    "224.0.0.0/4",
                    "240.0.0.0/4",
                    "::/96",
                    "64:ff9b::/96",
                    "64:ff9b:1::/48",
                    "2002::/16",
                    "fc00::/7",
                    "fe80::/10",
                    "fec0::/10",
                    "ff00::/8");

    private static final Pattern NAME =
            Pattern.compile("(\\*\\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\\.[a-z0-9_-]+)*\\.?");

    private final List<String> names = new ArrayList<>();
    private final List<AddressRange> ranges = new ArrayList<>();

    /**
     * @param allowed names of hosts, {@code *.} and a domain for all hosts below it, addresses, and
     *     blocks of them such as {@code 10.1.0.0/16}
     * @throws IllegalArgumentException if one is none of these
     */
    public AddressGuard(List<String> allowed) {
        for (String each : allowed) {
            mistake(each)
                    .ifPresent(
                            mistake -> {
                                throw new IllegalArgumentException(each + " " + mistake);
                            });
            AddressRange.parse(each)
                    .ifPresentOrElse(ranges::add, () -> names.add(each.toLowerCase(Locale.ROOT)));
        }
    }

    /** Says in words why a text can not stand among what is allowed; empty if it can. */
    public static Optional<String> mistake(String text) {
        boolean isName =
                NAME.matcher(text.toLowerCase(Locale.ROOT)).matches() && !text.matches("[0-9.]*");
        return isName || AddressRange.parse(text).isPresent()
                ? Optional.empty()
                : Optional.of(
                        "is neither a host, such as chat.example or *.example, nor a network, such"
                                + " as 10.1.0.0/16");
    }

    /** Returns a guard that lets only the public internet through, encrypted. */
    public static AddressGuard strict() {
        return new AddressGuard(List.of());
    }

    private static List<AddressRange> ranges(String... texts) {
        List<AddressRange> ranges = new ArrayList<>();
        for (String text : texts) {
            ranges.add(AddressRange.parse(text).orElseThrow());
        }
        return List.copyOf(ranges);
    }

    /**
     * Says in words why an address may not be asked; empty if it may. Quotes nothing of it but its
     * host. Resolves the host's name.
     *
     * @throws UnknownHostException if there is no such host
     */
    public Optional<String> refusal(URI uri) throws UnknownHostException {
        return refusal(uri.getHost(), isClear(uri));
    }

    /**
     * The same for another protocol.
     *
     * @param isClear whether the connection is not encrypted
     */
    Optional<String> refusal(String given, boolean isClear) throws UnknownHostException {
        String host = host(given);
        return isNamed(host)
                ? Optional.empty()
                : refusal(isClear, host, List.of(InetAddress.getAllByName(host)));
    }

    private static boolean isClear(URI uri) {
        return "http".equalsIgnoreCase(uri.getScheme());
    }

    /** The same, as far as it can be told without resolving a name. */
    public Optional<String> certainRefusal(URI uri) {
        return certainRefusal(uri.getHost(), isClear(uri));
    }

    /**
     * The same for another protocol.
     *
     * @param isClear whether the connection is not encrypted
     */
    public Optional<String> certainRefusal(String given, boolean isClear) {
        String host = host(given);
        if (isNamed(host)) {
            return Optional.empty();
        }
        if (host.equals("localhost") || host.endsWith(".localhost")) {
            return refusal(isClear, host, List.of(InetAddress.getLoopbackAddress()));
        }
        Optional<InetAddress> literal = AddressRange.literal(host);
        if (literal.isPresent()) {
            return refusal(isClear, host, List.of(literal.get()));
        }
        return ranges.isEmpty() ? refusal(isClear, host, List.of()) : Optional.empty();
    }

    private Optional<String> refusal(boolean isClear, String host, List<InetAddress> addresses) {
        boolean isAllowed = !addresses.isEmpty() && addresses.stream().allMatch(this::isInRange);
        if (isAllowed) {
            return Optional.empty();
        }
        if (isClear) {
            return Optional.of(
                    "it would be sent in clear text; use https or TLS, or add '"
                            + host
                            + "' to delivery.allow");
        }
        return addresses.stream().allMatch(address -> isInRange(address) || isPublic(address))
                ? Optional.empty()
                : Optional.of(
                        "the host is not on the public internet; if it is the right one, add '"
                                + host
                                + "' to delivery.allow");
    }

    private boolean isNamed(String host) {
        return names.stream()
                .anyMatch(
                        name ->
                                name.startsWith("*.")
                                        ? host.endsWith(name.substring(1))
                                        : host.equals(name));
    }

    private boolean isInRange(InetAddress address) {
        return ranges.stream().anyMatch(range -> range.contains(address));
    }

    private static boolean isPublic(InetAddress address) {
        return NOT_PUBLIC.stream().noneMatch(range -> range.contains(address));
    }

    private static String host(String given) {
        String host = given.toLowerCase(Locale.ROOT);
        String bare =
                host.startsWith("[") && host.endsWith("]")
                        ? host.substring(1, host.length() - 1)
                        : host;
        return bare.endsWith(".") ? bare.substring(0, bare.length() - 1) : bare;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AddressGuard that
                && names.equals(that.names)
                && ranges.equals(that.ranges);
    }

    @Override
    public int hashCode() {
        return Objects.hash(names, ranges);
    }

    @Override
    public String toString() {
        return "AddressGuard" + names + ranges;
    }
}
