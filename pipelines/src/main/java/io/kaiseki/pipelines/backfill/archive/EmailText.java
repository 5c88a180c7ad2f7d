package io.kaiseki.pipelines.backfill.archive;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.james.mime4j.dom.Body;
import org.apache.james.mime4j.dom.Entity;
import org.apache.james.mime4j.dom.Message;
import org.apache.james.mime4j.dom.Multipart;
import org.apache.james.mime4j.dom.SingleBody;
import org.apache.james.mime4j.dom.TextBody;
import org.apache.james.mime4j.message.DefaultMessageBuilder;
import org.apache.james.mime4j.stream.MimeConfig;
import org.jspecify.annotations.Nullable;

/**
 * An e-mail: its subject, and the text that its reader sees. Of alternatives the plain one is
 * taken, of HTML the text. Attachments and attached messages are not read; the attribute {@code
 * attachments} names them.
 */
final class EmailText implements TextExtractor {

  @Override
  public Extracted extract(byte[] bytes) throws UnreadableException, IOException {
    DefaultMessageBuilder parser = new DefaultMessageBuilder();
    parser.setMimeEntityConfig(MimeConfig.PERMISSIVE);
    Message message = parser.parseMessage(new ByteArrayInputStream(bytes));
    try {
      if (message.getHeader() == null || message.getHeader().getFields().isEmpty()) {
        throw new UnreadableException("is no e-mail: it has no header");
      }
      List<String> attachments = new ArrayList<>();
      List<String> texts = new ArrayList<>();
      collect(message, texts, attachments);
      String subject = message.getSubject();
      if (texts.isEmpty() && (subject == null || subject.isBlank())) {
        throw new UnreadableException("is an e-mail without a subject and without a text");
      }
      return new Extracted(
          "e-mail",
          subject,
          String.join("\n\n", texts),
          null,
          message.getDate() == null ? null : message.getDate().toInstant(),
          attributes(message, attachments));
    } finally {
      message.dispose();
    }
  }

  private static void collect(Entity part, List<String> texts, List<String> attachments)
      throws IOException {
    Body body = part.getBody();
    if (body instanceof Multipart parts) {
      if (parts.getSubType().equalsIgnoreCase("alternative")) {
        alternative(parts.getBodyParts(), texts, attachments);
      } else {
        for (Entity one : parts.getBodyParts()) {
          collect(one, texts, attachments);
        }
      }
    } else if (isAttachment(part)) {
      attachments.add(name(part));
    } else if (body instanceof TextBody text && part.getMimeType().startsWith("text/")) {
      String words = decode(text, part.getCharset());
      String shown = part.getMimeType().equals("text/html") ? HtmlText.text(words) : words.strip();
      if (!shown.isEmpty()) {
        texts.add(shown);
      }
    } else {
      attachments.add(name(part));
    }
  }

  /** Of several forms of the same text, the plain one; without it, the last, which is the best. */
  private static void alternative(List<Entity> forms, List<String> texts, List<String> attachments)
      throws IOException {
    Optional<Entity> plain =
        forms.stream().filter(form -> "text/plain".equals(form.getMimeType())).findFirst();
    List<String> found = new ArrayList<>();
    if (plain.isPresent()) {
      collect(plain.get(), found, attachments);
    }
    for (int i = forms.size() - 1; i >= 0 && found.isEmpty(); i--) {
      collect(forms.get(i), found, attachments);
    }
    texts.addAll(found);
  }

  private static boolean isAttachment(Entity part) {
    return "attachment".equalsIgnoreCase(part.getDispositionType()) || part.getFilename() != null;
  }

  private static String name(Entity part) {
    return part.getFilename() == null ? part.getMimeType() : part.getFilename();
  }

  /**
   * A part that names no encoding, or one that nobody knows, is mostly UTF-8, and otherwise what
   * old programs of the West wrote.
   */
  private static String decode(SingleBody text, @Nullable String charset) throws IOException {
    byte[] bytes = text.getInputStream().readAllBytes();
    Optional<Charset> named =
        charset(charset).filter(one -> !one.equals(StandardCharsets.US_ASCII));
    return new String(
        bytes,
        named.orElseGet(
            () ->
                StrictText.is(bytes, StandardCharsets.UTF_8)
                    ? StandardCharsets.UTF_8
                    : Charset.forName("windows-1252")));
  }

  private static Optional<Charset> charset(@Nullable String name) {
    try {
      return name != null && Charset.isSupported(name)
          ? Optional.of(Charset.forName(name))
          : Optional.empty();
    } catch (IllegalCharsetNameException e) {
      return Optional.empty();
    }
  }

  private static Map<String, String> attributes(Message message, List<String> attachments) {
    Map<String, String> attributes = new LinkedHashMap<>();
    if (message.getFrom() != null && !message.getFrom().isEmpty()) {
      attributes.put("from", message.getFrom().get(0).getAddress());
    }
    if (message.getMessageId() != null) {
      attributes.put("messageId", message.getMessageId());
    }
    if (!attachments.isEmpty()) {
      attributes.put("attachments", String.join(", ", attachments));
    }
    return attributes;
  }
}
