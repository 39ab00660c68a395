using System.Security.Cryptography;
using System.Text;
using Dsp.Journal;
using Dsp.Sealing;
using Dsp.Storage;
using Dsp.Tests.Support;

namespace Dsp.Tests.Sealing;

/// <summary>
/// What lies on disk keeps its form: keys, tokens, MACs and the journal as an independent implementation (OpenSSL) made them.
/// A change of form adds a version and leaves these as they are; without them a release could no longer open what the last one sealed.
/// </summary>
public sealed class FormTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly byte[] Salt = [.. Enumerable.Range(32, 32).Select(i => (byte)i)];
    private static readonly Guid First = Guid.Parse("0190a000-0000-7000-8000-000000000001");
    private static readonly Guid Second = Guid.Parse("0190a000-0000-7000-8000-000000000002");
    private static readonly Guid Context = Guid.Parse("0190a000-0000-7000-8000-0000000000c1");
    private static readonly DateTimeOffset At = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    private static readonly JournalEntry Entry = new()
    {
        Id = Guid.Parse("0190a000-0000-7000-8000-0000000000e1"),
        Record = new RecordId(First),
        At = At,
        Action = JournalActions.Read,
        Person = new PersonId(Second),
        PersonName = "THILL Marie",
        Profession = "médecin",
        Institution = new InstitutionId(Second),
        InstitutionName = "Cabinet",
        Software = "portal",
        Documents = [new DocumentId(Guid.Parse("0190a000-0000-7000-8000-0000000000d1")), new DocumentId(Guid.Parse("0190a000-0000-7000-8000-0000000000d2"))],
        Context = "individual",
        ContextId = Context,
        Permitted = true,
        Rule = "11-permit",
        SheetVersion = 5,
        Origin = Guid.Parse("0190a000-0000-7000-8000-0000000000f1"),
        Number = 9,
        SettledBelow = 8,
        Abandoned = [6],
    };

    [Fact]
    public void A_content_of_version_1_has_the_same_key() =>
        Assert.Equal("6CDF6E7E1172185EA1024DC5E522BAA62477AA5F7428FC2E617A51CA0BB012D1", Convert.ToHexString(RecordKey().ContentKey(new ContentId(Context), Salt)));

    [Fact]
    public void A_row_of_a_record_of_version_1_still_opens()
    {
        var bytes = Convert.FromHexString("01000102030405060708090A0B95B1F2CD486A80C038C781262A5B77B6B7317888C9B07B2138E0A7");

        Assert.Equal("HbA1c 7,4 %", Encoding.UTF8.GetString(RecordKey().Open("documents", Second, "entry", 7, bytes)));
    }

    [Fact]
    public async Task Tokens_codes_row_MACs_and_people_of_version_1_are_found_and_fit()
    {
        var folder = Directory.CreateTempSubdirectory("dsp-forms");
        try
        {
            await using var database = Database.Open(Path.Combine(folder.FullName, "forms.sqlite"));
            await Migrator.RunAsync(database, TimeProvider.System, TestContext.Current.CancellationToken);
            foreach (var name in new[] { "identity", "lookup", "rows", "codes", "nobody" })
                await database.CommitAsync(new Batch().Add("INSERT INTO service_keys (name, epoch, wrapped) VALUES (@n, 1, @k)", ("n", name), ("k", Key)), TestContext.Current.CancellationToken);
            using var keys = await ServiceKeys.OpenAsync(database, new Unwrapped(), TestContext.Current.CancellationToken);

            Assert.Equal("5F5A89842A9DDF3838E1C3F73010169A544B0C8BF902C064BDB9CB0622C1BAD4", Convert.ToHexString(keys.Token("number", "1984031299114")));
            Assert.Equal("53296DBA844188691915E7ECA5D27C19462B855B3A11214E0358AF036AEDEA6A", Convert.ToHexString(keys.CodeToken(new RecordId(First), "ABCDEFGH")));
            Assert.Equal("48092FAEA67491C27D314CC470006AD0B9401E720E54634457365271BD5D1E5E", Convert.ToHexString(keys.RowMac("professionals", First, "é", "", null, true, At, 7L)));
            Assert.Equal("Emma", Encoding.UTF8.GetString(keys.OpenIdentity("persons", Second, 3, Convert.FromHexString("01000102030405060708090A0B026FBB7AE379D32CADFDE8EB1174AD99DA3137DA"))));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void An_entry_of_the_journal_has_its_golden_bytes_and_commitment()
    {
        var canonical = CanonicalEntry.Write(Entry);

        Assert.Equal(493, canonical.Length);
        Assert.Equal("540B071E3BF2B80584B0A1D58ECDFA2AFFAB40CA38D25A3B5726C3A9D6C5E925", Convert.ToHexString(SHA256.HashData(canonical)));
        Assert.Equal(Commitment, Convert.ToHexString(CanonicalEntry.Commitment(Salt, canonical)));
        Assert.Equal(canonical, CanonicalEntry.Write(CanonicalEntry.Read(canonical)));
    }

    [Fact]
    public void An_entry_about_a_call_says_it_after_everything_else_and_is_read_by_whoever_knows_nothing_of_it()
    {
        var call = new CallFacts { Interaction = "search-type", Transaction = "ITI-67", TokenId = "t-1", Issuer = "https://dsp.example/", Subject = "s", ClientId = "c-1", RequestId = "r-1" };
        var (before, canonical) = (CanonicalEntry.Write(Entry), CanonicalEntry.Write(Entry with { Call = call, Submission = new SubmissionId(Second) }));

        Assert.Equal(before, canonical[..before.Length]);
        Assert.Equal("A857B1CE40AA8424EBBF68B30FB2EFA1", Convert.ToHexString(SHA256.HashData(canonical))[..32]);
        var read = CanonicalEntry.Read(canonical);
        Assert.Equal(("ITI-67", "t-1", "https://dsp.example/", "s", "c-1", "r-1", "search-type"), (read.Call!.Transaction, read.Call.TokenId, read.Call.Issuer, read.Call.Subject, read.Call.ClientId, read.Call.RequestId, read.Call.Interaction));
        Assert.Equal(new SubmissionId(Second), read.Submission);
        Assert.Equal(canonical, CanonicalEntry.Write(read));
        Assert.Equal(CanonicalEntry.ReadNumbers(before).Abandoned, CanonicalEntry.ReadNumbers(canonical).Abandoned);
    }

    [Fact]
    public void The_chain_over_an_entry_has_its_golden_bytes()
    {
        var chain = JournalChain.Start.ToArray();
        JournalChain.Append(chain, First, Entry.Id, Instants.ToMicroseconds(At), Convert.FromHexString(Commitment));

        Assert.Equal(Chain, Convert.ToHexString(chain));
    }

    [Fact]
    public void A_head_signed_in_the_form_of_version_1_still_fits()
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(Convert.FromBase64String("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE+qA5Sxnz47qc6GOV7WUBjm0QVXGGY7jjlZX3mX5SP9pOgNjCJdP7TCAoceU0scPjja1O2y5VxXqzk57DvUuy8Q=="), out _);
        var head = new JournalHead(1, At, Convert.FromHexString(Chain), Convert.FromHexString(
            "7495BBF0938F862621B07A230B4879785403D5820A0116CADD8A9D6E8597256EE9AD7EDC4A32E8ED67CFBF975A08695EBBB346D7388BE2C45423EB68EE10DD83"));

        Assert.True(head.SignatureFits(key));
        Assert.False((head with { Size = 2 }).SignatureFits(key));
    }

    private static RecordKey RecordKey() => Dsp.Sealing.RecordKey.Unwrap(new Unwrapped(), new RecordId(First), 1, Key);

    private const string Commitment = "A9FC18855403B0F65DF32BE7D704424C8A0DB7290E2A255CB8812B92C5B8951A";
    private const string Chain = "CA44B1BADEA194CAA66585D035D11557336E138C24AC5D66F694609B5CFA71DA";

    /// <summary>Hands keys through as they stand, so that a vector can name them.</summary>
    private sealed class Unwrapped : IKeyProvider
    {
        public int CurrentEpoch => 1;

        public byte[] Wrap(int epoch, ReadOnlySpan<byte> key, ReadOnlySpan<byte> associated) => key.ToArray();

        public byte[] Unwrap(int epoch, ReadOnlySpan<byte> wrapped, ReadOnlySpan<byte> associated) => wrapped.ToArray();
    }
}
