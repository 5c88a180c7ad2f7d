package io.kaiseki.pipelines.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaiseki.inference.FailureReason;
import io.kaiseki.schemas.Document;
import java.time.Instant;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DocumentTextTest {

  private final DocumentText unlimited = new DocumentText(OptionalInt.empty());

  @Test
  void title_and_body_stand_apart() {
    assertThat(unlimited.prepare(document("Late parcel", "Where is it?")))
        .isEqualTo(new DocumentText.Text("Late parcel\n\nWhere is it?"));
  }

  @Test
  void either_alone_stands_without_a_gap() {
    assertThat(unlimited.prepare(document(null, "body"))).isEqualTo(new DocumentText.Text("body"));
    assertThat(unlimited.prepare(document("title", " \n")))
        .isEqualTo(new DocumentText.Text("title"));
  }

  @Test
  void a_document_without_text_is_refused() {
    assertThat(unlimited.prepare(document(" ", "\t\u2003")))
        .isInstanceOfSatisfying(
            DocumentText.Unfit.class,
            unfit -> assertThat(unfit.reason()).isEqualTo(FailureReason.REFUSED));
  }

  @Test
  void a_document_over_the_limit_is_too_long_and_the_limit_is_named() {
    DocumentText limited = new DocumentText(OptionalInt.of(5));

    assertThat(limited.prepare(document(null, "12345"))).isInstanceOf(DocumentText.Text.class);
    assertThat(limited.prepare(document(null, "123456")))
        .isInstanceOfSatisfying(
            DocumentText.Unfit.class,
            unfit -> {
              assertThat(unfit.reason()).isEqualTo(FailureReason.TOO_LONG);
              assertThat(unfit.message()).contains("limits.document-characters = 5");
            });
  }

  private static Document document(@Nullable String title, String body) {
    return Document.newBuilder()
        .setId("d1")
        .setTitle(title)
        .setBody(body)
        .setReceivedAt(Instant.EPOCH)
        .build();
  }
}
