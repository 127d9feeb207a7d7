package io.weft.controlplane.rpc;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.stub.MetadataUtils;
import io.weft.controlplane.codec.Levels;

/// The header `weft-level` of every call: the highest level that the asker knows, which is what it
/// can read. A call without it is of a release that knows the first level alone. Stateless.
final class LevelHeader implements ServerInterceptor {
  private static final Metadata.Key<String> NAME =
      Metadata.Key.of("weft-level", Metadata.ASCII_STRING_MARSHALLER);

  private static final Context.Key<Integer> LEVEL =
      Context.keyWithDefault("weft-level", Levels.FIRST);

  /// Longer, it is no level.
  private static final int DIGITS_MAX = 4;

  /// A channel whose calls carry the level; the channel itself for the first level, which needs no
  /// header.
  static Channel announcing(int level, Channel channel) {
    if (level == Levels.FIRST) {
      return channel;
    }
    Metadata headers = new Metadata();
    headers.put(NAME, Integer.toString(level));
    return ClientInterceptors.intercept(
        channel, MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  /// What the asker of the call at hand has said.
  static int current() {
    return LEVEL.get();
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    Context context = Context.current().withValue(LEVEL, level(headers.get(NAME)));
    return Contexts.interceptCall(context, call, headers, next);
  }

  private static int level(String said) {
    boolean isNumber =
        said != null
            && !said.isEmpty()
            && said.length() <= DIGITS_MAX
            && said.chars().allMatch(each -> each >= '0' && each <= '9');
    return isNumber ? Math.max(Levels.FIRST, Integer.parseInt(said)) : Levels.FIRST;
  }
}
