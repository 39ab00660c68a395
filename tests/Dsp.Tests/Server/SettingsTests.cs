using Dsp.Server;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace Dsp.Tests.Server;

public sealed class SettingsTests
{
    [Fact]
    public void The_idle_times_are_minutes_and_the_longest_session_is_hours()
    {
        var settings = Read(("PatientIdle", "10"), ("Dsp:ProfessionalIdle", "45"), ("LongestSession", "12"));
        Assert.Equal(TimeSpan.FromMinutes(10), settings.Session.PatientIdle);
        Assert.Equal(TimeSpan.FromMinutes(45), settings.Session.ProfessionalIdle);
        Assert.Equal(TimeSpan.FromHours(12), settings.Session.LongestSession);
        Assert.Equal(new SessionLimits(), Read().Session);
    }

    [Theory]
    [InlineData("PatientIdle", "4")]
    [InlineData("PatientIdle", "61")]
    [InlineData("ProfessionalIdle", "0")]
    [InlineData("ProfessionalIdle", "00:30")]
    [InlineData("LongestSession", "13")]
    [InlineData("LongestSession", "-1")]
    public void A_session_time_out_of_bounds_stops_the_start_and_is_named(string name, string value)
    {
        var fault = Assert.Throws<InvalidOperationException>(() => Read((name, value)));
        Assert.Contains($"The setting {name} is '{value}'", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CardBase needs CardIssuers", "CardBase", "https://carte.example", "PublicBase", "https://dsp.example")]
    [InlineData("need PublicBase", "SystemsBase", "https://systemes.example", "Jobs", "true")]
    [InlineData("The setting SystemsBase is 'http://systemes.example'", "SystemsBase", "http://systemes.example", "PublicBase", "https://dsp.example")]
    [InlineData("The setting CardBase is 'https://carte.example/x'", "CardBase", "https://carte.example/x", "PublicBase", "https://dsp.example")]
    [InlineData("The setting TlsFolder is '/no/such'", "TlsFolder", "/no/such", "Jobs", "true")]
    [InlineData("The setting CardIssuers is '/no/such'", "CardIssuers", "/no/such", "Jobs", "true")]
    [InlineData("The setting CardPolicies names 'qualified'", "CardPolicies", "1.2.3,qualified", "Jobs", "true")]
    [InlineData("The setting CardRevocation is 'maybe'", "CardRevocation", "maybe", "Jobs", "true")]
    public void A_setting_of_tls_or_cards_that_cannot_hold_stops_the_start_and_is_named(string words, string name, string value, string other, string with)
    {
        var fault = Assert.Throws<InvalidOperationException>(() => Read((name, value), (other, with)));
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_collector_and_a_time_server_are_hosts_with_their_usual_ports()
    {
        var audit = Read(("AuditCollector", "logs.example"), ("TimeServer", "[::1]:1123"), ("AuditBehind", "5"), ("AuditCollectorClose", "plain")).Audit;

        Assert.Equal((("logs.example", 6514), ("::1", 1123), TimeSpan.FromMinutes(5), false), (audit.Collector!.Value, audit.TimeServer!.Value, audit.Behind, audit.ClosesWithNotify));
        Assert.True(Read(("AuditCollector", "logs.example:7000")).ToPlatform().AuditFeed);
        Assert.False(Read().ToPlatform().AuditFeed);
    }

    [Theory]
    [InlineData("AuditCollector", "https://logs.example/x")]
    [InlineData("AuditCollector", "logs.example:port")]
    [InlineData("TimeServer", "time.example/x")]
    [InlineData("AuditCollectorIssuers", "/no/such")]
    [InlineData("AuditCertificate", "/no/such")]
    [InlineData("AuditCollectorClose", "maybe")]
    [InlineData("AuditBehind", "0")]
    public void A_setting_of_the_audit_feed_that_cannot_hold_stops_the_start_and_is_named(string name, string value)
    {
        var fault = Assert.Throws<InvalidOperationException>(() => Read((name, value)));
        Assert.Contains($"The setting {name} is '{value}'", fault.Message, StringComparison.Ordinal);
    }

    private static ServerSettings Read(params (string Name, string Value)[] values) => ServerSettings.From(new ConfigurationBuilder()
        .AddInMemoryCollection(values.Concat([("DataFolder", "d"), ("KeyFolder", "k")]).ToDictionary(v => v.Item1, v => (string?)v.Item2)).Build());
}
