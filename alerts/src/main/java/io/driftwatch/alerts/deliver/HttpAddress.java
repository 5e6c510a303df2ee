package io.driftwatch.alerts.deliver;

import java.net.URI;
import java.net.URISyntaxException;

/** The addresses that we post to. */
public final class HttpAddress {
    private static final int LARGEST_PORT = 65_535;

    private HttpAddress() {}

    /**
     * Reads an address: http or https, with a host, without a user name.
     *
     * @throws IllegalArgumentException if it is none; the message never quotes it, since an address
     *     may be a secret
     */
    public static URI parse(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            // The cause would quote the address.
            throw new IllegalArgumentException("is not a valid URL");
        }
        String scheme = uri.getScheme();
        if (!"http".equalsIgnoreCase(scheme) && !"https".equalsIgnoreCase(scheme)) {
            throw new IllegalArgumentException("does not begin with https:// or http://");
        }
        if (uri.getHost() == null || uri.getPort() == 0 || uri.getPort() > LARGEST_PORT) {
            throw new IllegalArgumentException("has no valid host and port");
        }
        if (uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "holds a user name; use an Authorization header instead");
        }
        return uri;
    }
}
