using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Xml.Linq;
using Dsp.Access;
using Dsp.Journal;
using Dsp.Server.Audit;
using Dsp.Storage;
using Dsp.Tests.Balp;
using Dsp.Tests.Server;
using Dsp.Tests.Support;

namespace Dsp.Tests.Audit;

/// <summary>ITI-20: what happened leaves as syslog over TLS, all of it, to a collector that cuts, leaves and comes back.</summary>
public sealed class AuditFeedTests
{
    [Theory, EveryStore]
    public async Task Every_line_of_the_journal_arrives_once_in_its_order_and_is_a_message_of_DICOM(Store store)
    {
        await using var fed = await FedAsync(store);
        await fed.StoryAsync();

        await fed.Sender.RunAsync(fed.Cancel);

        var entries = await CallAuditTests.EntriesAsync(fed.Cast);
        var messages = fed.Collector.Messages.Select(Parsed).ToList();
        Assert.Empty(fed.Collector.Faults);
        Assert.Equal(entries.Select(e => "urn:uuid:" + Ids.Text(e.Id)).Order(StringComparer.Ordinal), messages.Select(IdOf).Order(StringComparer.Ordinal));
        Assert.Equal(messages.Select(IdOf).Order(StringComparer.Ordinal), messages.Select(IdOf));
        Assert.All(messages, m => Assert.Empty(DicomSchema.Faults(m)));
        Assert.Contains(fed.Collector.Messages, m => m.Contains("Ĺaurentzëus", StringComparison.Ordinal));
        Assert.Contains(messages, m => m.Descendants("EventTypeCode").Any(c => (string?)c.Attribute("csd-code") == "ITI-67") && m.Descendants("EventID").Any(c => (string?)c.Attribute("csd-code") == "110112"));
        Assert.Equal(0, await fed.WaitingAsync());
        Assert.Equal("sent", await fed.Sender.StateAsync(fed.Cancel));
    }

    [Fact]
    public async Task The_header_is_RFC_5424_s()
    {
        await using var fed = await FedAsync(Store.Sqlite);
        await fed.Sender.RunAsync(fed.Cancel);

        var message = fed.Collector.Messages.First();

        Assert.Matches(@"^<85>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z [!-~]+ dsp \d+ IHE\+RFC-3881 - \uFEFF<AuditMessage>", message);
    }

    [Theory, EveryStore]
    public async Task Nothing_is_lost_where_the_collector_cuts_inside_a_message_is_away_and_comes_back(Store store)
    {
        await using var fed = await FedAsync(store);
        await fed.StoryAsync();
        var waiting = await fed.WaitingAsync();

        fed.Collector.Manners.Enqueue(Manner.CutsInside);
        Assert.Equal(0, await fed.Sender.RunAsync(fed.Cancel));
        Assert.Equal(waiting, await fed.WaitingAsync());
        fed.Collector.Leave();
        Assert.Equal(0, await fed.NewSender().RunAsync(fed.Cancel));
        Assert.Equal(waiting, await fed.WaitingAsync());
        // Life goes on meanwhile.
        await fed.Cast.SearchAsync(fed.Cast.DoctorToken);
        fed.Collector.Start();
        await fed.NewSender().RunAsync(fed.Cancel);

        var arrived = fed.Collector.Messages.Select(m => IdOf(Parsed(m))).ToHashSet();
        Assert.Equal((await CallAuditTests.EntriesAsync(fed.Cast)).Select(e => "urn:uuid:" + Ids.Text(e.Id)).ToHashSet(), arrived);
        Assert.Equal(0, await fed.WaitingAsync());
    }

    [Fact]
    public async Task An_end_without_an_answer_counts_only_where_the_operator_says_so()
    {
        await using var fed = await FedAsync(Store.Sqlite);
        var waiting = await fed.WaitingAsync();
        fed.Collector.Manners.Enqueue(Manner.ClosesPlainly);
        fed.Collector.Manners.Enqueue(Manner.ClosesPlainly);

        Assert.Equal(0, await fed.Sender.RunAsync(fed.Cancel));
        Assert.Equal(waiting, await fed.WaitingAsync());
        Assert.Equal(waiting, await fed.NewSender(s => s with { ClosesWithNotify = false }).RunAsync(fed.Cancel));
    }

    [Fact]
    public async Task A_process_that_ends_while_it_sends_leaves_everything_to_the_next()
    {
        await using var fed = await FedAsync(Store.Sqlite);
        var waiting = await fed.WaitingAsync();
        fed.Collector.Manners.Enqueue(Manner.FallsSilent);

        using var killed = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fed.Sender.RunAsync(killed.Token));
        Assert.Equal(waiting, await fed.WaitingAsync());

        Assert.Equal(waiting, await fed.NewSender().RunAsync(fed.Cancel));
    }

    [Theory, EveryStore]
    public async Task A_portion_at_a_time_is_in_hand_and_two_senders_do_not_send_twice(Store store)
    {
        await using var fed = await FedAsync(store);
        await fed.FillAsync(1_700);
        var waiting = await fed.WaitingAsync();

        var sent = await Task.WhenAll(fed.NewSender().RunAsync(fed.Cancel), fed.NewSender().RunAsync(fed.Cancel));

        Assert.Equal(waiting, sent.Sum());
        Assert.Equal(waiting, fed.Collector.Messages.Count);
        Assert.Equal((waiting + 499) / 500, fed.Collector.Connections);
    }

    [Fact]
    public async Task A_collector_whose_certificate_is_anothers_gets_nothing()
    {
        await using var fed = await FedAsync(Store.Sqlite);
        using var stranger = new TestIssuer("Fremde", fed.Cast.Server.World.Clock, answers: false);
        var waiting = await fed.WaitingAsync();

        Assert.Equal(0, await fed.NewSender(s => s with { CollectorName = "collector.example" }).RunAsync(fed.Cancel));
        Assert.Equal(0, await fed.NewSender(s => s with { CollectorIssuers = fed.Write("stranger.pem", stranger.Pem) }).RunAsync(fed.Cancel));
        Assert.Equal(0, await fed.NewSender(s => s with { CollectorIssuers = null }).RunAsync(fed.Cancel));

        Assert.Empty(fed.Collector.Messages);
        Assert.Equal(waiting, await fed.WaitingAsync());
    }

    [Fact]
    public async Task Our_own_certificate_is_shown_where_the_collector_asks_for_it()
    {
        await using var fed = await FedAsync(Store.Sqlite, asksForCertificate: true);
        Assert.Equal(0, await fed.Sender.RunAsync(fed.Cancel));
        using var own = fed.Issuer.Issue("CN=dsp-audit", policy: null);
        fed.Write("own.key", own.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());

        Assert.True(await fed.NewSender(s => s with { Certificate = fed.Write("own.crt", own.ExportCertificatePem() + "\n" + fed.Issuer.Pem) }).RunAsync(fed.Cancel) > 0);
        Assert.Contains("CN=dsp-audit", fed.Collector.ClientNames);
    }

    [Theory, EveryStore]
    public async Task No_word_about_a_patient_leaves(Store store)
    {
        await using var fed = await FedAsync(store);
        await fed.StoryAsync();
        await fed.Sender.RunAsync(fed.Cancel);

        var all = string.Join('\n', fed.Collector.Messages.Select(m => m + string.Join(' ', Parsed(m).Descendants().SelectMany(e => new[] { e.Name == "ParticipantObjectQuery" ? e.Value : null, (string?)e.Attribute("value") })
            .OfType<string>().Where(v => v.Length > 0).Select(v => Encoding.UTF8.GetString(Convert.FromBase64String(v))))));
        foreach (var word in new[] { fed.Cast.Emma.Number!, fed.Cast.Emma.EHealthId, "Weberscheid", "WEBERSCHEID", "11502-2", "psychiatrie", "block", "Bilan" })
            Assert.DoesNotContain(word, all, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("patient.identifier", all, StringComparison.Ordinal);
        Assert.Contains("Patient/" + fed.Cast.Record, all, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("patient.identifier=urn%3Aoid%3A1.3.182.4.4%7C1984031299114&type=11502-2", "patient.identifier&type")]
    [InlineData("List?patient=x&code=folder", "List?patient&code")]
    [InlineData("Patient/$match {\"family\":\"Weber\"}", "Patient/$match")]
    [InlineData("Patient/1984031299114", "Patient/…")]
    [InlineData("Patient/0195a1b2-0000-7000-8000-00000000000d", "Patient/0195a1b2-0000-7000-8000-00000000000d")]
    [InlineData("$docref?patient=x", "$docref?patient")]
    [InlineData("oauth/token?grant_type=client_credentials&scope=x", "oauth/token?grant_type&scope")]
    [InlineData("Observation?1984031299114=x&code=y", "Observation?code")]
    [InlineData("diabète de type 2", null)]
    [InlineData("Cancer", null)]
    [InlineData("Patient/Weber/_history/1", "Patient/…/_history/…")]
    [InlineData("Practitioner?Weber=x&name:contains=y", "Practitioner?name")]
    [InlineData("api/records/0195a1b2-0000-7000-8000-00000000000d/blocks", "api/")]
    [InlineData("Patient/$ihe-pix?sourceIdentifier=x", "Patient/$ihe-pix?sourceIdentifier")]
    [InlineData("ByName { Family = Weber }", null)]
    public void Of_a_query_its_shape_leaves(string query, string? expected) =>
        Assert.Equal(expected, AuditFeed.Outward(new JournalEntry { Id = default, Record = default, At = default, Action = JournalActions.Search, Permitted = true, Rule = "r", Query = query }).Query);

    [Fact]
    public void Every_type_and_parameter_that_is_served_is_known()
    {
        Assert.Empty(Dsp.Interop.Fhir.FhirRoutes.Resources.Select(r => r.Type).Except(AuditQueryText.KnownTypes));
        Assert.Empty(Dsp.Interop.Fhir.FhirRoutes.Resources.SelectMany(r => r.Parameters).Select(p => p.Name).Except(AuditQueryText.KnownParameters));
    }

    [Fact]
    public async Task Without_a_collector_nothing_is_kept_to_be_sent_and_the_command_line_follows_the_server()
    {
        await using var plain = await Cast.StartAsync(Store.Sqlite);
        Assert.Equal(0, await plain.Server.World.CountAsync("audit_feed"));

        await using var fed = await FedAsync(Store.Sqlite);
        var settings = fed.Cast.Server.World.Platform.Settings with { AuditFeed = null };
        await using (var console = await Platform.OpenAsync(settings, fed.Cast.Server.World.Clock, fed.Cancel))
        {
            var before = await fed.WaitingAsync();
            var batch = new Batch();
            console.Journal.Add(batch, new JournalEntry { Id = Ids.New(console.Clock), Record = RecordId.None, At = console.Clock.Now(), Action = JournalActions.Operate, Permitted = true, Rule = "r" }, null);
            await console.Database.CommitAsync(batch, fed.Cancel);
            Assert.Equal(before + 1, await fed.WaitingAsync());
        }
    }

    [Fact]
    public async Task An_operator_is_told_once_where_events_wait_too_long()
    {
        await using var fed = await FedAsync(Store.Sqlite);
        fed.Collector.Leave();
        fed.Cast.Server.World.Clock.Advance(TimeSpan.FromMinutes(16));
        var sender = fed.NewSender();
        await sender.RunAsync(fed.Cancel);
        await sender.RunAsync(fed.Cancel);

        Assert.Single(fed.Cast.Server.World.Platform.Alarms.Recent, a => a.Kind == "audit-feed-behind");
        Assert.StartsWith("waiting since ", await sender.StateAsync(fed.Cancel), StringComparison.Ordinal);
        Assert.Contains(fed.Cast.Server.Log, l => l.StartsWith("1030 ", StringComparison.Ordinal));
    }

    private static Task<Fed> FedAsync(Store store, bool asksForCertificate = false) => Fed.StartAsync(store, asksForCertificate);

    private static XElement Parsed(string message) => XElement.Parse(message[(message.IndexOf('\uFEFF', StringComparison.Ordinal) + 1)..]);

    /// <summary>The journal's line that a message is about.</summary>
    private static string IdOf(XElement message) => (string)message.Elements("ParticipantObjectIdentification").Last().Attribute("ParticipantObjectID")!;

    /// <summary>A running server with a collector beside it.</summary>
    private sealed record Fed(Cast Cast, FakeCollector Collector, TestIssuer Issuer, AuditSettings Settings) : IAsyncDisposable
    {
        public CancellationToken Cancel => Cast.Server.World.Cancel;
        public AuditSender Sender { get; private init; } = null!;

        public static async Task<Fed> StartAsync(Store store, bool asksForCertificate)
        {
            var world = await World.CreateAsync(store, feed: true);
            var issuer = new TestIssuer("Essai", world.Clock, answers: false);
            var collector = new FakeCollector(issuer, asksForCertificate: asksForCertificate).Start();
            var file = Path.Combine(world.Folder, "issuers.pem");
            await File.WriteAllTextAsync(file, issuer.Pem, world.Cancel);
            var settings = new AuditSettings { Collector = ("127.0.0.1", collector.Port), CollectorIssuers = file };
            var cast = await Cast.StartAsync(world, s => s with { Audit = settings });
            var fed = new Fed(cast, collector, issuer, settings);
            return fed with { Sender = fed.NewSender() };
        }

        /// <summary>As another node, or this one after a restart, has it.</summary>
        public AuditSender NewSender(Func<AuditSettings, AuditSettings>? change = null)
        {
            var world = Cast.Server.World;
            return new AuditSender(world.Platform.AuditFeed, world.Platform.Leases, change?.Invoke(Settings) ?? Settings, Cast.Server.Get<Dsp.Server.Addresses>(), world.Platform.Alarms, world.Clock, Cast.Server.Get<Microsoft.Extensions.Logging.ILoggerFactory>());
        }

        public Task<long> WaitingAsync() => Cast.Server.World.CountAsync("audit_feed");

        public string Write(string name, string text)
        {
            var file = Path.Combine(Cast.Server.World.Folder, name);
            File.WriteAllText(file, text);
            return file;
        }

        public async Task StoryAsync()
        {
            var world = Cast.Server.World;
            var place = await world.InstitutionAsync("Maison médicale de Grevenmacher (fictif)");
            var abroad = await world.ProfessionalAsync(place, "Müller", "Ĺaurentzëus");
            var token = Cast.Server.Token(CallerKind.Professional, abroad.Person!.Value.Value, r => r with { Institution = place, Program = place });
            await Cast.OpenContextAsync();
            var document = await Cast.DepositedAsync(Encoding.UTF8.GetBytes("<a>psychiatrie</a>"));
            await Cast.SearchAsync(Cast.DoctorToken, "&type=11502-2");
            await Cast.Server.GetAsync($"/fhir/Binary/{document}", Cast.DoctorToken);
            await Cast.Server.PostJsonAsync($"/api/records/{Cast.Record}/search", Cast.DoctorToken, """{"q":"psychiatrie"}""");
            await Cast.Server.GetAsync("/fhir/Patient?family=Weberscheid&birthdate=1984-03-12", token);
            await Cast.SearchAsync(token);
            await Cast.Server.GetAsync("/fhir/DocumentReference?patient.identifier=urn:oid:1.3.182.4.4|" + Cast.Emma.Number, null);
            Assert.Equal(201, (await Cast.Server.PostJsonAsync($"/api/records/{Cast.Record}/blocks", Cast.Holder, $$"""{"person":"{{Cast.Other.Person}}"}""")).Status);
        }

        public async Task FillAsync(int count)
        {
            var world = Cast.Server.World;
            for (var i = 0; i < count / 100; i++)
            {
                var batch = new Batch();
                world.Platform.Journal.AddAll(batch, [.. Enumerable.Range(0, 100).Select(_ => (new JournalEntry { Id = Ids.New(world.Clock), Record = RecordId.None, At = world.Clock.Now(), Action = JournalActions.Operate, Permitted = true, Rule = "r", Detail = "start" }, (Dsp.Sealing.RecordKey?)null))]);
                await world.RunAsync(batch);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await Cast.DisposeAsync();
            await Collector.DisposeAsync();
            Issuer.Dispose();
        }
    }
}
