package io.kaiseki.inference.llamacpp;

import java.util.List;
import java.util.SplittableRandom;

/** Made-up business documents of every kind; equal seeds give equal documents. */
final class Documents {

  private static final List<String> SENTENCES =
      List.of(
          "My parcel %d has not arrived, although your page says it was delivered.",
          "I was billed %d euros twice; please refund one of them today.",
          "Die Rechnung %d ist falsch. Ich kündige, wenn das nicht geklärt wird!",
          "La ligne est coupée depuis %d jours, et l'assistance ne répond pas…",
          "¿Por qué no puedo entrar en mi cuenta %d? ¡Es urgente!",
          "注文番号%dの商品が壊れていました。返品したいです。",
          "订单%d一直没有发货，请尽快处理。",
          "주문 %d번이 아직 도착하지 않았습니다.",
          "Заказ %d не доставлен, верните деньги.",
          "طلبي رقم %d لم يصل بعد.",
          "Siparişim %d kayboldu, lütfen yardım edin.",
          "Dziękuję za szybką pomoc w sprawie %d 👍🏽👨‍👩‍👧",
          "สินค้า %d ยังไม่มาถึง");

  private final SplittableRandom random;

  Documents(long seed) {
    random = new SplittableRandom(seed);
  }

  /** A document of at least about so many characters; shorter kinds stay as they are at 0. */
  String next(int characters) {
    StringBuilder text = new StringBuilder(paragraph());
    while (text.length() < characters) {
      text.append(random.nextInt(4) == 0 ? "\n\n" : " ").append(paragraph());
    }
    return characters == 0 && random.nextInt(8) == 0 ? "" : text.toString();
  }

  private String paragraph() {
    return switch (random.nextInt(8)) {
      case 0 -> json();
      case 1 -> "<html><body><p class=\"m\">" + sentence() + "</p><!-- " + number() + " --></body>";
      case 2 -> "```java\nif (x == " + number() + " && !s.equals(\"\\n\")) { return \"}\"; }\n```";
      case 3 ->
          "> " + sentence() + "\r\n>> " + sentence() + "\r\n-- \r\nA. Müller\t+49 " + number();
      case 4 -> "id;amount;note\n" + number() + ";" + number() + ",50;\"a \"\"quoted\"\" cell\"";
      case 5 -> "🤖".repeat(1 + random.nextInt(5)) + sentence();
      default -> sentence() + " " + sentence();
    };
  }

  private String json() {
    return "{\"order\":{\"id\":"
        + number()
        + ",\"note\":\""
        + sentence().replace("\"", "\\\"")
        + "\",\"lines\":[{\"sku\":\"A-"
        + number()
        + "\",\"ok\":true}]}}";
  }

  private String sentence() {
    return SENTENCES.get(random.nextInt(SENTENCES.size())).formatted(number());
  }

  private int number() {
    return random.nextInt(100_000);
  }
}
