package io.driftwatch.alerts.deliver;

import java.io.Serializable;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A block of IP addresses in CIDR notation (RFC 4632), or a single one.
 *
 * @param network the network's address, 4 or 16 bytes as hexadecimal digits
 * @param bits how many leading bits addresses of the block share with it
 */
record AddressRange(String network, int bits) implements Serializable {
    private static final Pattern IPV4 = Pattern.compile("(\\d{1,3})(\\.\\d{1,3}){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:.]*");

    /** Reads a block; empty if the text is none. Never asks a name server. */
    static Optional<AddressRange> parse(String text) {
        int slash = text.indexOf('/');
        Optional<InetAddress> address = literal(slash < 0 ? text : text.substring(0, slash));
        if (address.isEmpty()) {
            return Optional.empty();
        }
        byte[] bytes = address.get().getAddress();
        String length = slash < 0 ? Integer.toString(bytes.length * 8) : text.substring(slash + 1);
        if (!length.matches("\\d{1,3}") || Integer.parseInt(length) > bytes.length * 8) {
            return Optional.empty();
        }
        return Optional.of(new AddressRange(hex(bytes), Integer.parseInt(length)));
    }

    /** Reads an address that is written as one, and not as a name. */
    static Optional<InetAddress> literal(String text) {
        String bare =
                text.startsWith("[") && text.endsWith("]")
                        ? text.substring(1, text.length() - 1)
                        : text;
        if (!IPV4.matcher(bare).matches() && !IPV6.matcher(bare).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(bare));
        } catch (UnknownHostException notAddress) {
            return Optional.empty();
        }
    }

    boolean contains(InetAddress address) {
        byte[] mine = HexFormat.of().parseHex(network);
        byte[] other = address.getAddress();
        if (mine.length != other.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            if (((mine[bit >> 3] ^ other[bit >> 3]) & (0x80 >> (bit & 7))) != 0) {
                return false;
            }
        }
        return true;
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
