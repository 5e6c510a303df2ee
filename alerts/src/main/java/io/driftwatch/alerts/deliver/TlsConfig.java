package io.driftwatch.alerts.deliver;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * Whom to trust beside the authorities that Java knows, and who we are to servers that ask. Files
 * are PEM.
 *
 * @param caFile certificates of further authorities; null for none
 * @param certFile our certificate, with those between it and its authority; null for none
 * @param keyFile its private key, PKCS #8 and not encrypted; null without certificate
 */
public record TlsConfig(String caFile, String certFile, String keyFile) implements Serializable {
    /** Trusts whom Java trusts, and is nobody. */
    public static final TlsConfig STANDARD = new TlsConfig(null, null, null);

    private static final char[] NO_PASSWORD = {};
    private static final List<String> KEY_TYPES = List.of("RSA", "EC", "EdDSA");

    /**
     * @throws IllegalArgumentException if of certificate and key only one is given
     */
    public TlsConfig {
        if ((certFile == null) != (keyFile == null)) {
            throw new IllegalArgumentException("TlsConfig: certFile and keyFile go together");
        }
    }

    /** Says when the files were last changed, so that a change can be noticed. */
    List<FileTime> lastModified() throws IOException {
        List<FileTime> times = new ArrayList<>();
        for (String file : files()) {
            times.add(Files.getLastModifiedTime(Path.of(file)));
        }
        return times;
    }

    private List<String> files() {
        return Stream.of(caFile, certFile, keyFile).filter(Objects::nonNull).toList();
    }

    /**
     * Reads the files.
     *
     * @throws IOException if one cannot be read
     * @throws GeneralSecurityException if one holds something else
     */
    SSLContext context() throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers(), trustManagers(), null);
        return context;
    }

    private TrustManager[] trustManagers() throws IOException, GeneralSecurityException {
        if (caFile == null) {
            return null;
        }
        TrustManagerFactory known =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        known.init((KeyStore) null);
        KeyStore store = empty();
        int number = 0;
        for (TrustManager manager : known.getTrustManagers()) {
            for (X509Certificate each : ((X509TrustManager) manager).getAcceptedIssuers()) {
                store.setCertificateEntry("known" + number++, each);
            }
        }
        for (Certificate each : certificates(caFile)) {
            store.setCertificateEntry("given" + number++, each);
        }
        TrustManagerFactory all =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        all.init(store);
        return all.getTrustManagers();
    }

    private KeyManager[] keyManagers() throws IOException, GeneralSecurityException {
        if (certFile == null) {
            return null;
        }
        KeyStore store = empty();
        Certificate[] chain = certificates(certFile).toArray(Certificate[]::new);
        store.setKeyEntry("us", privateKey(), NO_PASSWORD, chain);
        KeyManagerFactory factory =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static List<Certificate> certificates(String file)
            throws IOException, GeneralSecurityException {
        try (var in = Files.newInputStream(Path.of(file))) {
            return List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(in));
        }
    }

    private PrivateKey privateKey() throws IOException, GeneralSecurityException {
        List<String> lines =
                Files.readAllLines(Path.of(keyFile)).stream()
                        .map(String::strip)
                        .dropWhile(line -> !line.equals("-----BEGIN PRIVATE KEY-----"))
                        .skip(1)
                        .takeWhile(line -> !line.startsWith("-----END"))
                        .toList();
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(String.join("", lines));
        } catch (IllegalArgumentException e) {
            throw new InvalidKeySpecException("not base64");
        }
        for (String type : KEY_TYPES) {
            try {
                return KeyFactory.getInstance(type).generatePrivate(new PKCS8EncodedKeySpec(bytes));
            } catch (InvalidKeySpecException notThisType) {
                // Perhaps the next one.
            }
        }
        Arrays.fill(bytes, (byte) 0);
        throw new InvalidKeySpecException("not a private key in PKCS #8");
    }
}
