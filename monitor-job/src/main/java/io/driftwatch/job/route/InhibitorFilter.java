package io.driftwatch.job.route;

import io.driftwatch.alerts.config.AlertsConfig;
import io.driftwatch.alerts.route.Inhibitors;
import io.driftwatch.job.live.Live;
import io.driftwatch.schemas.Alert;
import java.io.IOException;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFilterFunction;

/** Lets alerts pass that may inhibit others. */
public final class InhibitorFilter extends RichFilterFunction<Alert> {
    private static final long serialVersionUID = 1L;

    private final Live<AlertsConfig> live;
    private transient Inhibitors inhibitors;

    public InhibitorFilter(Live<AlertsConfig> live) {
        this.live = live;
    }

    @Override
    public void open(OpenContext context) throws IOException {
        live.open(getRuntimeContext());
    }

    @Override
    public boolean filter(Alert alert) {
        if (live.look()) {
            inhibitors = new Inhibitors(live.get().inhibitRules());
        }
        return inhibitors.isSource(alert);
    }

    @Override
    public void close() {
        live.close();
    }
}
