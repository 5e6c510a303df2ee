package io.driftwatch.job.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

class DemoWebhookReceiverTest {
    private final Queue<ChatMessage> messages = new ConcurrentLinkedQueue<>();

    @Test
    void answersAsSlackDoes() throws Exception {
        try (DemoWebhookReceiver receiver = new DemoWebhookReceiver(messages::add)) {
            HttpResponse<String> answer = post(receiver, "{\"text\": \"hello\"}");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).isEqualTo("ok");
            assertThat(messages)
                    .singleElement()
                    .satisfies(m -> assertThat(m.lines()).containsExactly("hello"));
        }
    }

    @Test
    void refusesWhatIsNotJson() throws Exception {
        try (DemoWebhookReceiver receiver = new DemoWebhookReceiver(messages::add)) {
            assertThat(post(receiver, "{\"text\":").statusCode()).isEqualTo(400);
            assertThat(messages).isEmpty();
        }
    }

    private static HttpResponse<String> post(DemoWebhookReceiver receiver, String body)
            throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(receiver.url()))
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
