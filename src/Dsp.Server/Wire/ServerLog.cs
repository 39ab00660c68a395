using Dsp.Access;

namespace Dsp.Server.Wire;

/// <summary>
/// Every line this process writes. Event ids and ids of ours only: no path, no query, no header, no name, no exception
/// message (they may quote what was sent).
/// </summary>
internal static partial class ServerLog
{
    public static void Configure(ILoggingBuilder logging)
    {
        logging.AddSimpleConsole(o => o.SingleLine = true);
        logging.SetMinimumLevel(LogLevel.Information);
        // The framework's own lines quote paths and queries: ours say what an operator needs.
        logging.AddFilter("Microsoft", LogLevel.None);
        logging.AddFilter("System", LogLevel.None);
        // It quotes requests and tokens.
        logging.AddFilter("OpenIddict", LogLevel.None);
        logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.None);
    }

    public static void Attach(Alarms alarms, ILoggerFactory factory)
    {
        var log = factory.CreateLogger("Dsp.Alarms");
        alarms.Listener = (kind, subject) => log.Alarm(kind, subject);
    }

    [LoggerMessage(1001, LogLevel.Error, "Fault {Reference}: {Type} {Inner}\n{Stack}")]
    public static partial void Fault(this ILogger log, string reference, string type, string inner, string stack);

    [LoggerMessage(1002, LogLevel.Error, "The store is not available: {Type}")]
    public static partial void StoreAway(this ILogger log, string type);

    [LoggerMessage(1003, LogLevel.Critical, "Alarm {Kind}: {Subject}")]
    public static partial void Alarm(this ILogger log, string kind, string subject);

    [LoggerMessage(1004, LogLevel.Information, "Listening on {Base}, content on {Content}")]
    public static partial void Listening(this ILogger log, string @base, string content);

    [LoggerMessage(1011, LogLevel.Warning, "Identity provider {Provider}: {What}")]
    public static partial void ProviderFailed(this ILogger log, string provider, string what);

    [LoggerMessage(1013, LogLevel.Information, "Cards answered: {Accepted} accepted, {Overridden} overridden")]
    public static partial void CardsAnswered(this ILogger log, int accepted, int overridden);

    [LoggerMessage(1012, LogLevel.Warning, "Possible wrong patient: document {Document} of source {Source}, {Differences}")]
    public static partial void PossibleWrongPatient(this ILogger log, DocumentId document, string source, string differences);

    [LoggerMessage(1020, LogLevel.Warning, "{What}")]
    public static partial void ScansNotRead(this ILogger log, string what);

    [LoggerMessage(1030, LogLevel.Warning, "Audit collector: {Why}, {Failures} times in a row; nothing is lost, it is tried again")]
    public static partial void CollectorAway(this ILogger log, string why, int failures);

    [LoggerMessage(1031, LogLevel.Information, "Audit collector takes events again")]
    public static partial void CollectorBack(this ILogger log);

    [LoggerMessage(1032, LogLevel.Warning, "The time server does not answer; whether this clock is right is not known")]
    public static partial void TimeServerSilent(this ILogger log);

    [LoggerMessage(1033, LogLevel.Information, "This clock is right again")]
    public static partial void ClockRight(this ILogger log);

    [LoggerMessage(2001, LogLevel.Warning, "Job {Job} failed: {Type}; it is tried again")]
    public static partial void JobFailed(this ILogger log, string job, string type);

    [LoggerMessage(2002, LogLevel.Information, "Job {Job} did {Count}")]
    public static partial void JobDid(this ILogger log, string job, long count);
}
