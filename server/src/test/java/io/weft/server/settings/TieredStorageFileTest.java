package io.weft.server.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The two stores of a cluster, as people write them down.
class TieredStorageFileTest {
  @TempDir Path folder;

  private String file(String text) throws IOException {
    return Files.writeString(folder.resolve("tiers.yaml"), text).toString();
  }

  private TieredStorage read(String text) throws IOException {
    return TieredStorage.read(file(text));
  }

  @Test
  void readsWhatItsUsersWrite() throws IOException {
    assertThat(
            read(
                """
                tieredStorageConfig:
                  lowLatency:  { storageType: S3_Express,  bucket: low-latency-bucket }
                  highLatency: { storageType: S3_Standard, bucket: high-latency-bucket }
                """))
        .isEqualTo(new TieredStorage("s3://low-latency-bucket", "s3://high-latency-bucket"));
  }

  @Test
  void takesWhatStoresTake() throws IOException {
    assertThat(
            read(
                """
                tieredStorageConfig:
                  lowLatency:
                    storageType: S3
                    bucket: b
                    prefix: p/q
                    region: eu-central-1
                    endpoint: http://127.0.0.1:9000
                    pathStyle: true
                    connectTimeoutMs: 5000
                  highLatency: { storageType: Folder, path: /data/weft, sync: false }
                """))
        .isEqualTo(
            new TieredStorage(
                "s3://b/p/q?region=eu-central-1&endpoint=http%3A%2F%2F127.0.0.1%3A9000"
                    + "&pathStyle=true&connectTimeoutMs=5000",
                "file:/data/weft?sync=false"));
  }

  @Test
  void readsJsonToo() throws IOException {
    assertThat(
            read(
                """
                {"tieredStorageConfig": {
                  "lowLatency": {"storageType": "Memory", "name": "a", "latency": "s3-express"},
                  "highLatency": {"storageType": "Memory", "name": "b"}}}
                """))
        .isEqualTo(new TieredStorage("mem:a?latency=s3-express", "mem:b"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "x: 1 | unknown name x",
        "- 1 | must have a map",
        "{} | has no tieredStorageConfig",
        "tieredStorageConfig: 3 | map of names to values at tieredStorageConfig",
        "tieredStorageConfig: {lowLatency: {storageType: Memory, name: a}} | has no highLatency",
        "tieredStorageConfig: {lowLatencyy: 1} | did you mean lowLatency",
        "tieredStorageConfig: {lowLatency: [], highLatency: []} | several stores in lowLatency",
        "tieredStorageConfig: {lowLatency: {bucket: a}, highLatency: {}} | has no storageType",
        "tieredStorageConfig: {lowLatency: {storageType: S3_Expres}, highLatency: {}} | S3_Express",
        "tieredStorageConfig: {lowLatency: {storageType: S3}, highLatency: {}} | say bucket in low",
        "tieredStorageConfig: {lowLatency: {storageType: S3, bucket: [a]}, highLatency: {}} |"
            + " as one value",
        "tieredStorageConfig: {lowLatency: {storageType: S3, bucket: 'a b'}, highLatency: {}} |"
            + " should name a bucket",
        "tieredStorageConfig: {lowLatency: {storageType: S3, bucket: a, regon: x}, highLatency: {}}"
            + " | did you mean region",
        "tieredStorageConfig: {lowLatency: {storageType: Folder, path: a, sync: maybe},"
            + " highLatency: {}} | should be true or false",
        "a: {a: | is not YAML"
      })
  void saysHowToMendAMistakeInOneSentence(String text, String said) throws IOException {
    String file = file(text);
    assertThatThrownBy(() -> TieredStorage.read(file))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith("tiered.storage is '%s', which ".formatted(file))
        .hasMessageContaining(said)
        .hasMessageEndingWith("(see docs/tiers.md).");
  }

  @Test
  void saysSoWhereThereIsNoFile() {
    assertThatThrownBy(() -> TieredStorage.read(folder.resolve("none").toString()))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("is not there");
  }
}
