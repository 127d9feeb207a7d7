package io.weft.storage.object.s3;

import java.io.UncheckedIOException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/// Makes an answer that breaks off an exception of the SDK like all others. Where it breaks off
/// before the first byte of its XML, the SDK lets the bare failure of the stream through.
/// Stateless.
final class BrokenAnswers implements ExecutionInterceptor {
  @Override
  public Throwable modifyException(
      Context.FailedExecution context, ExecutionAttributes attributes) {
    Throwable failure = context.exception();
    return failure instanceof UncheckedIOException broken
        ? SdkClientException.create("the answer broke off: " + broken.getMessage(), broken)
        : failure;
  }
}
