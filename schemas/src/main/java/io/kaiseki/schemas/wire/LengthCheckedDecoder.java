package io.kaiseki.schemas.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.util.Utf8;

/**
 * Avro's binary decoder over one message, which believes no length that the message can't hold.
 * Avro itself allocates what a length prefix asks for before it reads on, so that ten hostile bytes
 * cost two gigabytes. Here a string or byte sequence must fit into the bytes that are left, and all
 * items of arrays and maps together must not outnumber the bytes of the message.
 */
final class LengthCheckedDecoder extends Decoder {

  private final BinaryDecoder binary;
  private long itemsLeft;

  LengthCheckedDecoder(byte[] message, int offset) {
    int length = message.length - offset;
    this.binary = DecoderFactory.get().binaryDecoder(message, offset, length, null);
    this.itemsLeft = length;
  }

  /** Whether the whole message was read. */
  boolean isAtEnd() throws IOException {
    return binary.isEnd();
  }

  @Override
  public Utf8 readString(Utf8 old) throws IOException {
    return new Utf8(bytes());
  }

  @Override
  public String readString() throws IOException {
    return new String(bytes(), StandardCharsets.UTF_8);
  }

  @Override
  public void skipString() throws IOException {
    binary.skipFixed(length());
  }

  @Override
  public ByteBuffer readBytes(ByteBuffer old) throws IOException {
    return ByteBuffer.wrap(bytes());
  }

  @Override
  public void skipBytes() throws IOException {
    binary.skipFixed(length());
  }

  @Override
  public long readArrayStart() throws IOException {
    return counted(binary.readArrayStart());
  }

  @Override
  public long arrayNext() throws IOException {
    return counted(binary.arrayNext());
  }

  @Override
  public long skipArray() throws IOException {
    return counted(binary.skipArray());
  }

  @Override
  public long readMapStart() throws IOException {
    return counted(binary.readMapStart());
  }

  @Override
  public long mapNext() throws IOException {
    return counted(binary.mapNext());
  }

  @Override
  public long skipMap() throws IOException {
    return counted(binary.skipMap());
  }

  @Override
  public void readNull() throws IOException {
    binary.readNull();
  }

  @Override
  public boolean readBoolean() throws IOException {
    return binary.readBoolean();
  }

  @Override
  public int readInt() throws IOException {
    return binary.readInt();
  }

  @Override
  public long readLong() throws IOException {
    return binary.readLong();
  }

  @Override
  public float readFloat() throws IOException {
    return binary.readFloat();
  }

  @Override
  public double readDouble() throws IOException {
    return binary.readDouble();
  }

  @Override
  public void readFixed(byte[] bytes, int start, int length) throws IOException {
    binary.readFixed(bytes, start, length);
  }

  @Override
  public void skipFixed(int length) throws IOException {
    binary.skipFixed(length);
  }

  @Override
  public int readEnum() throws IOException {
    return binary.readEnum();
  }

  @Override
  public int readIndex() throws IOException {
    return binary.readIndex();
  }

  private byte[] bytes() throws IOException {
    byte[] bytes = new byte[length()];
    binary.readFixed(bytes);
    return bytes;
  }

  private int length() throws IOException {
    long length = binary.readLong();
    int left = binary.inputStream().available();
    if (length < 0 || length > left) {
      throw new ImplausibleLengthException(
          "a length of %d bytes is declared where %d are left".formatted(length, left));
    }
    return (int) length;
  }

  private long counted(long items) throws IOException {
    if (items < 0 || items > itemsLeft) {
      throw new ImplausibleLengthException(
          "%d items are declared where the message has room for %d".formatted(items, itemsLeft));
    }
    itemsLeft -= items;
    return items;
  }

  /** A length that the message can't hold. */
  static final class ImplausibleLengthException extends IOException {

    private static final long serialVersionUID = 1L;

    ImplausibleLengthException(String message) {
      super(message);
    }
  }
}
