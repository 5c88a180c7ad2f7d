package io.kaiseki.inference.llamacpp;

/** A native call reported a fault. */
final class NativeFaultException extends RuntimeException {
  NativeFaultException(String message) {
    super(message);
  }
}
