using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Dsp.Sealing;
using Dsp.Storage;
using Dsp.Tests.Support;

namespace Dsp.Tests.Sealing;

public sealed class SealingTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly RecordId Record = new(Guid.Parse("0190a000-0000-7000-8000-000000000001"));
    private static readonly RecordId OtherRecord = new(Guid.Parse("0190a000-0000-7000-8000-000000000002"));
    private static readonly ContentId Content = new(Guid.Parse("0190a000-0000-7000-8000-0000000000c1"));

    // Golden vectors: made once; a change of form must add a version, never change these.

    [Fact]
    public void A_sealed_field_of_version_1_still_opens()
    {
        var bytes = Convert.FromHexString("01000102030405060708090A0B" + GoldenField);
        var place = Sealed.Place("documents", Record.Value, OtherRecord.Value, "entry", 7);

        Assert.Equal("HbA1c 7,4 %", Encoding.UTF8.GetString(Sealed.Open(Key, bytes, place)));
    }

    [Fact]
    public void A_place_has_its_golden_bytes() =>
        Assert.Equal(
            "00000009646F63756D656E74730190A000000070008000000000000001" + "0190A00000007000800000000000000200000005656E7472790000000000000007",
            Convert.ToHexString(Sealed.Place("documents", Record.Value, OtherRecord.Value, "entry", 7)));

    [Fact]
    public void A_sealed_content_has_its_golden_bytes() =>
        Assert.Equal(GoldenContent, Convert.ToHexString(ContentSeal.Seal(Key, Record, Content, "HbA1c 7,4 %"u8)));

    [Fact]
    public async Task A_long_sealed_content_has_its_golden_hash()
    {
        var plain = new byte[(2 * ContentSeal.ChunkSize) + 17];
        for (var i = 0; i < plain.Length; i++) plain[i] = (byte)(i * 31);
        var bytes = ContentSeal.Seal(Key, Record, Content, plain);

        Assert.Equal(ContentSeal.SealedLength(plain.Length), bytes.Length);
        Assert.Equal(GoldenLongHash, Convert.ToHexString(SHA256.HashData(bytes)));
        Assert.Equal(plain, await OpenAsync(bytes, Record, Content, plain.Length, 0, plain.Length));
    }

    [Fact]
    public void Any_flipped_bit_of_a_sealed_field_fails()
    {
        var place = Sealed.Place("documents", Record.Value, OtherRecord.Value, "entry", 7);
        Gen.Select(Gen.Byte.Array[0, 200], Gen.Int[0, int.MaxValue], Gen.Int[0, 7]).Sample((plain, at, bit) =>
        {
            var bytes = Sealed.Seal(Key, plain, place);
            bytes[at % bytes.Length] ^= (byte)(1 << bit);
            Assert.Throws<SealBrokenException>(() => Sealed.Open(Key, bytes, place));
        }, iter: 2000);
    }

    [Fact]
    public void A_sealed_field_opens_in_its_own_place_only()
    {
        var bytes = Sealed.Seal(Key, "x"u8, Sealed.Place("documents", Record.Value, OtherRecord.Value, "entry", 7));
        byte[][] others =
        [
            Sealed.Place("contents", Record.Value, OtherRecord.Value, "entry", 7),
            Sealed.Place("documents", OtherRecord.Value, OtherRecord.Value, "entry", 7),
            Sealed.Place("documents", Record.Value, Record.Value, "entry", 7),
            Sealed.Place("documents", Record.Value, OtherRecord.Value, "state", 7),
            Sealed.Place("documents", Record.Value, OtherRecord.Value, "entry", 8),
        ];
        foreach (var other in others) Assert.Throws<SealBrokenException>(() => Sealed.Open(Key, bytes, other));
        for (var cut = 0; cut < bytes.Length; cut++) Assert.Throws<SealBrokenException>(() => Sealed.Open(Key, bytes.AsSpan(0, cut), Sealed.Place("documents", Record.Value, OtherRecord.Value, "entry", 7)));
    }

    [Fact]
    public async Task Every_range_of_a_content_is_the_same_range_of_its_bytes()
    {
        var plain = RandomNumberGenerator.GetBytes(200_000);
        var bytes = ContentSeal.Seal(Key, Record, Content, plain);
        await Gen.Select(Gen.Int[0, 199_999], Gen.Int[1, 200_000]).SampleAsync(async (offset, count) =>
        {
            count = Math.Min(count, plain.Length - offset);
            Assert.Equal(plain[offset..(offset + count)], await OpenAsync(bytes, Record, Content, plain.Length, offset, count));
        }, iter: 200);
    }

    [Fact]
    public async Task A_content_flipped_cut_swapped_repeated_or_moved_does_not_open()
    {
        var plain = RandomNumberGenerator.GetBytes((3 * ContentSeal.ChunkSize) + 5);
        var bytes = ContentSeal.Seal(Key, Record, Content, plain);
        const int chunk = ContentSeal.ChunkSize + 16;

        var swapped = (byte[])bytes.Clone();
        bytes.AsSpan(ContentSeal.HeaderLength, chunk).CopyTo(swapped.AsSpan(ContentSeal.HeaderLength + chunk));
        bytes.AsSpan(ContentSeal.HeaderLength + chunk, chunk).CopyTo(swapped.AsSpan(ContentSeal.HeaderLength));
        var repeated = (byte[])bytes.Clone();
        bytes.AsSpan(ContentSeal.HeaderLength, chunk).CopyTo(repeated.AsSpan(ContentSeal.HeaderLength + chunk));
        var flipped = (byte[])bytes.Clone();
        flipped[100_000] ^= 1;

        foreach (var broken in new[] { swapped, repeated, flipped, bytes[..^1], bytes[..(ContentSeal.HeaderLength + (3 * chunk))] })
            await Assert.ThrowsAsync<SealBrokenException>(() => OpenAsync(broken, Record, Content, plain.Length, 0, plain.Length));
        // Cut at a chunk's end and told a fitting length: the last flag is missing.
        await Assert.ThrowsAsync<SealBrokenException>(() => OpenAsync(bytes[..(ContentSeal.HeaderLength + (3 * chunk))], Record, Content, 3 * ContentSeal.ChunkSize, 0, 3 * ContentSeal.ChunkSize));
        await Assert.ThrowsAsync<SealBrokenException>(() => OpenAsync(bytes, OtherRecord, Content, plain.Length, 0, plain.Length));
        await Assert.ThrowsAsync<SealBrokenException>(() => OpenAsync(bytes, Record, new ContentId(OtherRecord.Value), plain.Length, 0, plain.Length));
    }

    [Fact]
    public async Task An_empty_content_opens_empty_and_is_authenticated()
    {
        var bytes = ContentSeal.Seal(Key, Record, Content, []);
        Assert.Empty(await OpenAsync(bytes, Record, Content, 0, 0, 0));
        bytes[^1] ^= 1;
        await Assert.ThrowsAsync<SealBrokenException>(() => OpenAsync(bytes, Record, Content, 0, 0, 0));
    }

    [Fact]
    public void A_record_key_opens_under_its_own_record_and_epoch_only()
    {
        var folder = Directory.CreateTempSubdirectory("dsp-keys");
        try
        {
            var provider = KeyFolder.OpenOrCreate(folder.FullName);
            var wrapped = RecordKey.Create(Record).Wrap(provider, 1);

            Assert.NotNull(RecordKey.Unwrap(provider, Record, 1, wrapped));
            Assert.Throws<SealBrokenException>(() => RecordKey.Unwrap(provider, OtherRecord, 1, wrapped));
            provider.BeginEpoch();
            Assert.Throws<SealBrokenException>(() => RecordKey.Unwrap(provider, Record, 2, wrapped));
            provider.DestroyEpoch(1);
            Assert.Throws<SealBrokenException>(() => RecordKey.Unwrap(provider, Record, 1, wrapped));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Key_files_are_readable_by_their_owner_alone()
    {
        var folder = Directory.CreateTempSubdirectory("dsp-keys");
        try
        {
            KeyFolder.OpenOrCreate(folder.FullName);
            var file = Assert.Single(Directory.EnumerateFiles(folder.FullName));
            if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory, EveryStore]
    public async Task Tokens_differ_by_kind_by_value_and_by_where_values_end(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var keys = world.Platform.Keys;

        Assert.Equal(keys.Token("a", "b", "c"), keys.Token("a", "b", "c"));
        Assert.NotEqual(keys.Token("a", "b", "c"), keys.Token("a", "bc", ""));
        Assert.NotEqual(keys.Token("a", "b"), keys.Token("b", "b"));
        Assert.NotEqual(keys.RowMac("t", null, "x"), keys.RowMac("t", "", "x"));
    }

    [Theory, EveryStore]
    public async Task Service_keys_open_again_after_a_restart_and_after_rewrapping(Store store)
    {
        await using var world = await World.CreateAsync(store);
        var token = world.Platform.Keys.Token("number", "1");
        ((KeyFolder)world.Platform.KeyProvider).BeginEpoch();

        Assert.Equal(6, await ServiceKeys.RewrapAsync(world.Platform.Database, world.Platform.KeyProvider, world.Cancel));
        using var again = await ServiceKeys.OpenAsync(world.Platform.Database, world.Platform.KeyProvider, world.Cancel);

        Assert.Equal(token, again.Token("number", "1"));
        Assert.Equal([2L], await world.Platform.Database.QueryAsync(r => r.Long(0), "SELECT DISTINCT epoch FROM service_keys", world.Cancel));
    }

    private static async Task<byte[]> OpenAsync(byte[] bytes, RecordId record, ContentId content, long length, long offset, long count)
    {
        var output = new List<byte>();
        var pieces = ContentSeal.OpenAsync(Key, record, content, (at, buffer, _) =>
        {
            if (at + buffer.Length > bytes.Length) throw new SealBrokenException("cut");
            bytes.AsMemory((int)at, buffer.Length).CopyTo(buffer);
            return Task.CompletedTask;
        }, length, offset, count, CancellationToken.None);
        await foreach (var piece in pieces) output.AddRange(piece.Span);
        return [.. output];
    }

    private const string GoldenField = "0F60972AA6C5F537B961B2AC4B701373AAF51D8D949456FD7F5CEB";
    private const string GoldenContent = "01000100005DB4FECD27D407323A0E7439C348B9F24C683214A976158CF8C215";
    private const string GoldenLongHash = "83184B9C2190F84E83746CEA141043C1FBFD22B9320503884D6C5E4396B64FD1";
}
