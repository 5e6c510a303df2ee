package io.driftwatch.job.kafka;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.ResourcePattern;

/**
 * A broker as it is in companies: encrypted, with names and passwords, and nobody may do what is
 * not written down. Its certificate is its own authority. Beside it is a door for tests, which asks
 * nothing.
 */
public final class SecureBroker implements AutoCloseable {
    private static final String STORE_PASSWORD = "changeit";
    private static final long PATIENCE_SECONDS = 30;

    private final EmbeddedBroker broker;
    private final Admin admin;
    private final String door;
    private final Path secrets;
    private final Path certificate;

    private SecureBroker(EmbeddedBroker broker, String door, Path secrets, Path certificate) {
        this.broker = broker;
        this.door = door;
        this.secrets = secrets;
        this.certificate = certificate;
        this.admin = Admin.create(Map.of("bootstrap.servers", door));
    }

    public static SecureBroker start(Path folder) throws Exception {
        Path secrets = Files.createDirectories(folder.resolve("secrets"));
        Path store = certificate(folder, "broker", "ip:127.0.0.1");
        int[] ports = freePorts(3);
        String address = "127.0.0.1:";
        Map<String, String> options = new HashMap<>();
        options.put("controller.quorum.voters", "1@" + address + ports[2]);
        options.put(
                "listeners",
                "SASL_SSL://%1$s%2$d,DOOR://%1$s%3$d,CONTROLLER://%1$s%4$d"
                        .formatted(address, ports[0], ports[1], ports[2]));
        options.put(
                "advertised.listeners",
                "SASL_SSL://%1$s%2$d,DOOR://%1$s%3$d".formatted(address, ports[0], ports[1]));
        options.put(
                "listener.security.protocol.map",
                "SASL_SSL:SASL_SSL,DOOR:PLAINTEXT,CONTROLLER:PLAINTEXT");
        options.put("inter.broker.listener.name", "DOOR");
        options.put("sasl.enabled.mechanisms", "SCRAM-SHA-512");
        options.put(
                "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;");
        options.put("ssl.keystore.type", "PKCS12");
        options.put("ssl.keystore.location", store.toString());
        options.put("ssl.keystore.password", STORE_PASSWORD);
        options.put("ssl.key.password", STORE_PASSWORD);
        options.put("authorizer.class.name", RecordingAuthorizer.class.getName());
        options.put("super.users", "User:ANONYMOUS");
        // A login that failed is answered at once, as tests wait for the answer.
        options.put("connection.failed.authentication.delay.ms", "0");
        EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), ports[0], options);
        return new SecureBroker(broker, address + ports[1], secrets, folder.resolve("broker.pem"));
    }

    /** Makes a key store and beside it NAME.pem with the certificate alone. */
    public static Path certificate(Path folder, String name, String host) throws Exception {
        return certificate(folder, name, host, STORE_PASSWORD);
    }

    /** As above, with a password of the store and of the key in it. */
    public static Path certificate(Path folder, String name, String host, String password)
            throws Exception {
        Path store = folder.resolve(name + ".p12");
        keytool(
                store,
                password,
                name,
                "-genkeypair",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=" + name,
                "-validity",
                "2",
                "-ext",
                "SAN=" + host);
        keytool(
                store,
                password,
                name,
                "-exportcert",
                "-rfc",
                "-file",
                folder.resolve(name + ".pem").toString());
        return store;
    }

    private static void keytool(Path store, String password, String name, String... more)
            throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(more));
        command.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12"));
        command.addAll(List.of("-storepass", password, "-alias", name));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("keytool: " + said);
        }
    }

    /** Where clients knock that have a name. */
    public String bootstrapServers() {
        return broker.bootstrapServers();
    }

    /** Where tests come in, who may do everything. */
    public String door() {
        return door;
    }

    public Admin admin() {
        return admin;
    }

    /** The certificate to trust, in PEM. */
    public Path certificate() {
        return certificate;
    }

    /** Makes a user; the password lies in a file of its name in {@link #secrets}. */
    public void user(String name, String password) throws Exception {
        UserScramCredentialAlteration user =
                new UserScramCredentialUpsertion(
                        name,
                        new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096),
                        password);
        admin.alterUserScramCredentials(List.of(user))
                .all()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        Files.writeString(secrets.resolve(name), password);
    }

    /** Where the passwords lie. */
    public Path secrets() {
        return secrets;
    }

    public void grant(String user, Collection<KafkaRight> rights) throws Exception {
        List<AclBinding> bindings = rights.stream().map(right -> binding(user, right)).toList();
        admin.createAcls(bindings).all().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        for (AclBinding binding : bindings) {
            await(binding, true);
        }
    }

    public void revoke(String user, KafkaRight right) throws Exception {
        AclBinding binding = binding(user, right);
        admin.deleteAcls(List.of(binding.toFilter())).all().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        await(binding, false);
    }

    /** The controller decides, the broker hears of it a little later. */
    private void await(AclBinding binding, boolean present) throws Exception {
        AclBindingFilter filter = binding.toFilter();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (admin.describeAcls(filter).values().get(10, TimeUnit.SECONDS).isEmpty() == present) {
            if (System.nanoTime() > deadline) {
                throw new TimeoutException(binding + " is not " + (present ? "there" : "gone"));
            }
        }
    }

    private static AclBinding binding(String user, KafkaRight right) {
        ResourcePattern pattern = right.pattern();
        return new AclBinding(
                pattern,
                new AccessControlEntry(
                        "User:" + user, "*", right.operation(), AclPermissionType.ALLOW));
    }

    private static int[] freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sockets.add(
                    new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1})));
        }
        int[] ports = sockets.stream().mapToInt(ServerSocket::getLocalPort).toArray();
        for (ServerSocket socket : sockets) {
            socket.close();
        }
        return ports;
    }

    @Override
    public void close() {
        admin.close();
        broker.close();
    }
}
