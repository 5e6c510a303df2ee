package io.driftwatch.alerts.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where deliveries may go: OWASP's list of server-side request forgery targets. */
class AddressGuardTest {
    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.8.7.6",
                "localhost",
                "sub.localhost",
                "LOCALHOST.",
                "0.0.0.0",
                "[::1]",
                "[::]",
                "[::127.0.0.1]",
                "[::ffff:127.0.0.1]",
                "[::ffff:10.0.0.1]",
                "[64:ff9b::7f00:1]",
                "[2002:7f00:1::]",
                "169.254.169.254",
                "[fe80::1]",
                "[fd00:ec2::254]",
                "10.0.0.1",
                "100.64.0.1",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "198.18.0.1",
                "224.0.0.1",
                "255.255.255.255",
                "[ff02::1]"
            })
    void nothingThatIsNotPublicIsAskedUnlessItIsAllowed(String host) throws Exception {
        URI uri = URI.create("https://" + host + "/x");

        assertThat(AddressGuard.strict().certainRefusal(uri)).isPresent();
        if (!host.startsWith("sub.")) {
            assertThat(AddressGuard.strict().refusal(uri)).isPresent();
        }
        String bare = host.replaceAll("[\\[\\]]|\\.$", "");
        AddressGuard named = new AddressGuard(List.of(bare));
        assertThat(named.certainRefusal(uri)).isEmpty();
        assertThat(named.certainRefusal(URI.create("http://" + host + ":8080/x"))).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {"8.8.8.8", "172.15.255.255", "172.32.0.0", "[2606:4700::1]", "192.167.1.1"})
    void whatIsPublicMayBeAskedButNotInClearText(String host) throws Exception {
        assertThat(AddressGuard.strict().refusal(URI.create("https://" + host + "/x"))).isEmpty();
        assertThat(AddressGuard.strict().refusal(URI.create("http://" + host + "/x")))
                .hasValueSatisfying(
                        why -> assertThat(why).contains("clear text", "use https or TLS"));
    }

    @ParameterizedTest(name = "{0} allows {1}: {2}")
    @CsvSource({
        "10.1.0.0/16, 10.1.2.3, true",
        "10.1.0.0/16, 10.2.2.3, false",
        "10.1.2.3, 10.1.2.3, true",
        "10.1.2.3, 10.1.2.4, false",
        "fd00::/8, [fd12::1], true",
        "fd00::/8, [fc12::1], false",
        "0.0.0.0/0, 127.0.0.1, true",
        "chat.example, chat.example, true",
        "CHAT.example, Chat.Example, true",
        "*.example, chat.example, true",
        "*.example, a.b.example, true",
        "*.example, example, false",
        "chat.example, notchat.example, false",
    })
    void allowsWhatItNames(String allowed, String host, boolean expected) {
        AddressGuard guard = new AddressGuard(List.of(allowed));

        // In clear text, so that public ones need to be named as well.
        assertThat(guard.certainRefusal(URI.create("http://" + host + "/")).isEmpty())
                .isEqualTo(expected);
    }

    @Test
    void aNameMayTurnOutToBeInAnAllowedNetworkWhichOnlyResolvingTells() {
        AddressGuard guard = new AddressGuard(List.of("10.1.0.0/16"));

        assertThat(guard.certainRefusal(URI.create("http://chat.internal/"))).isEmpty();
    }

    @Test
    void aHostThatDoesNotExistIsNotRefusedButUnknown() {
        URI nowhere = URI.create("https://nowhere.invalid/");

        assertThatThrownBy(() -> AddressGuard.strict().refusal(nowhere))
                .isInstanceOf(UnknownHostException.class);
    }

    @ParameterizedTest(name = "{index}: {0}")
    @ValueSource(
            strings = {
                "", "*", "https://chat.example", "chat.example:443", "10.0.0.0/33", "10.0.0/8",
                "1.2.3.4.5", "999.1.1.1", "fd00::/129", "2130706433", "a b", "*.*.example"
            })
    void aMistakeAmongTheAllowedIsSaid(String text) {
        assertThat(AddressGuard.mistake(text)).isPresent();
        assertThatThrownBy(() -> new AddressGuard(List.of(text)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void blocksContainWhatArithmeticSays() throws Exception {
        Random random = new Random(5);
        for (int round = 0; round < 20_000; round++) {
            int size = random.nextBoolean() ? 4 : 16;
            byte[] network = new byte[size];
            random.nextBytes(network);
            byte[] address = network.clone();
            address[random.nextInt(size)] ^= (byte) (1 << random.nextInt(8));
            int bits = random.nextInt(size * 8 + 1);
            String text = InetAddress.getByAddress(network).getHostAddress() + "/" + bits;
            if (InetAddress.getByAddress(address).getAddress().length != size
                    || InetAddress.getByAddress(network).getAddress().length != size) {
                continue;
            }
            AddressRange range = AddressRange.parse(text).orElseThrow();

            BigInteger a = new BigInteger(1, address).shiftRight(size * 8 - bits);
            BigInteger b = new BigInteger(1, network).shiftRight(size * 8 - bits);
            assertThat(range.contains(InetAddress.getByAddress(address)))
                    .as("%s in %s", InetAddress.getByAddress(address), text)
                    .isEqualTo(a.equals(b));
        }
    }
}
