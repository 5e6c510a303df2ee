package io.driftwatch.alerts.config;

import io.driftwatch.alerts.deliver.AddressGuard;
import io.driftwatch.alerts.deliver.DeliveryConfig;
import io.driftwatch.alerts.deliver.TlsConfig;
import java.util.ArrayList;
import java.util.List;

/** Reads the part {@code delivery} of the file: what holds for all deliveries. */
final class DeliveryReader {
    private DeliveryReader() {}

    static DeliveryConfig read(ConfigMapping root) {
        return root.mapping("delivery")
                .map(DeliveryReader::delivery)
                .orElseGet(DeliveryConfig::standard);
    }

    private static DeliveryConfig delivery(ConfigMapping mapping) {
        DeliveryConfig config = new DeliveryConfig(guard(mapping), tls(mapping));
        mapping.end();
        return config;
    }

    private static AddressGuard guard(ConfigMapping mapping) {
        List<String> allowed = new ArrayList<>();
        for (String each : mapping.strings("allow")) {
            AddressGuard.mistake(each)
                    .ifPresentOrElse(
                            mistake -> mapping.problem("allow", Quoted.of(each) + " " + mistake),
                            () -> allowed.add(each));
        }
        return new AddressGuard(allowed);
    }

    private static TlsConfig tls(ConfigMapping mapping) {
        ConfigMapping given = mapping.mapping("tls").orElse(null);
        if (given == null) {
            return TlsConfig.STANDARD;
        }
        String ca = given.optionalString("ca_file").orElse(null);
        String cert = given.optionalString("cert_file").orElse(null);
        String key = given.optionalString("key_file").orElse(null);
        given.end();
        if ((cert == null) != (key == null)) {
            given.problem(
                    cert == null ? "cert_file" : "key_file",
                    "missing; a certificate and its private key go together");
            return TlsConfig.STANDARD;
        }
        return new TlsConfig(ca, cert, key);
    }
}
