package io.driftwatch.alerts.deliver;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.StringJoiner;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signatures of Standard Webhooks 1.0: HMAC-SHA256 over id, time and body, with dots between them.
 * With several secrets a request carries a signature of each, so that a receiver may change from
 * one to the next at any time.
 *
 * @see <a
 *     href="https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md">the
 *     specification</a>
 */
public final class WebhookSignature {
    private static final String PREFIX = "whsec_";
    private static final String ALGORITHM = "HmacSHA256";
    private static final int SHORTEST = 24;
    private static final int LONGEST = 64;

    private WebhookSignature() {}

    /**
     * Checks a secret: {@code whsec_} and 24 to 64 bytes in base64.
     *
     * @throws IllegalArgumentException if it is none; the message never quotes it
     */
    public static void check(String secret) {
        key(secret);
    }

    private static byte[] key(String secret) {
        String text = secret.strip();
        byte[] key;
        try {
            key = Base64.getDecoder().decode(text.startsWith(PREFIX) ? text.substring(6) : "");
        } catch (IllegalArgumentException e) {
            // The cause would quote a part of it.
            key = new byte[0];
        }
        if (key.length < SHORTEST || key.length > LONGEST) {
            throw new IllegalArgumentException(
                    "is not whsec_ and 24 to 64 bytes in base64; make one by: echo"
                            + " whsec_$(openssl rand -base64 32)");
        }
        return key;
    }

    /**
     * Returns the value of the header {@code webhook-signature}.
     *
     * @param secrets at least one, as {@link #check} wants them
     * @param id value of the header {@code webhook-id}
     * @param epochSecond value of the header {@code webhook-timestamp}
     * @param body what is posted
     * @throws IllegalArgumentException if a secret is none
     */
    static String of(List<String> secrets, String id, long epochSecond, String body) {
        byte[] signed = (id + "." + epochSecond + "." + body).getBytes(StandardCharsets.UTF_8);
        StringJoiner signatures = new StringJoiner(" ");
        for (String secret : secrets) {
            signatures.add("v1," + Base64.getEncoder().encodeToString(hmac(key(secret), signed)));
        }
        return signatures.toString();
    }

    private static byte[] hmac(byte[] key, byte[] signed) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac.doFinal(signed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }
}
