package io.driftwatch.alerts.config;

import io.driftwatch.alerts.deliver.Secret;
import java.util.List;
import java.util.Optional;

/** Reads the part {@code canary} of the file. */
final class CanaryReader {
    private final ReceiverReader addresses;
    private final List<String> receivers;

    /**
     * @param addresses reads the address, as it reads those of receivers
     * @param receivers names of the receivers
     */
    CanaryReader(ReceiverReader addresses, List<String> receivers) {
        this.addresses = addresses;
        this.receivers = receivers;
    }

    /** Returns null if there is no canary. */
    CanaryConfig read(ConfigMapping root) {
        if (receivers.contains(CanaryConfig.NAME)) {
            root.problem(
                    "receivers",
                    "'" + CanaryConfig.NAME + "' is the canary's own receiver; use another name");
        }
        Optional<ConfigMapping> mapping = root.mapping("canary");
        if (mapping.isEmpty()) {
            return null;
        }
        ConfigMapping canary = mapping.get();
        Optional<Secret> url = addresses.url(canary);
        Optional<String> also = canary.optionalString("receiver");
        if (also.isPresent() && !receivers.contains(also.get())) {
            canary.problem(
                    "receiver",
                    Quoted.of(also.get())
                            + " is not the name of a receiver"
                            + Scalars.didYouMean(also.get(), receivers));
        }
        canary.end();
        return url.map(address -> new CanaryConfig(address, also.orElse(null))).orElse(null);
    }
}
