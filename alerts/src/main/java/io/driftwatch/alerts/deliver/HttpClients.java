package io.driftwatch.alerts.deliver;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * The HTTP client, made anew when the files of the TLS configuration have changed. Never follows a
 * redirect. Thread-safe.
 */
public final class HttpClients {
    private final TlsConfig tls;
    private final Duration connectTimeout;
    private final Executor executor;
    private HttpClient client;
    private List<FileTime> times;

    /**
     * @param tls whom to trust, and who we are
     * @param connectTimeout limit for connecting
     * @param executor runs what comes back
     */
    public HttpClients(TlsConfig tls, Duration connectTimeout, Executor executor) {
        this.tls = tls;
        this.connectTimeout = connectTimeout;
        this.executor = executor;
    }

    /**
     * Returns the client for the files as they are now.
     *
     * @throws IOException if one cannot be read
     * @throws GeneralSecurityException if one holds something else than it should
     */
    public synchronized HttpClient current() throws IOException, GeneralSecurityException {
        List<FileTime> now = tls.lastModified();
        if (client == null || !now.equals(times)) {
            // HTTP/2 would add upgrade headers to each clear-text request, which some servers
            // refuse.
            client =
                    HttpClient.newBuilder()
                            .version(HttpClient.Version.HTTP_1_1)
                            .followRedirects(HttpClient.Redirect.NEVER)
                            .connectTimeout(connectTimeout)
                            .executor(executor)
                            .sslContext(tls.context())
                            .build();
            times = now;
        }
        return client;
    }
}
