namespace Dsp.Journal;

/// <summary>
/// One line of the journal (RGD 6.12.2019 art. 8; EHDS art. 9): who, for whom, what, when, in which context, with which
/// outcome and by which rule. Names stand in the entry as they were at that moment.
/// </summary>
public sealed record JournalEntry
{
    public required Guid Id { get; init; }
    public required RecordId Record { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>One of <see cref="JournalActions"/>.</summary>
    public required string Action { get; init; }
    public PersonId? Person { get; init; }
    public string? PersonName { get; init; }

    /// <summary>Profession by its register name, or holder, proxy, representative, agent, system.</summary>
    public string? Profession { get; init; }
    public InstitutionId? Institution { get; init; }
    public string? InstitutionName { get; init; }

    /// <summary>The software that called: portal, the name of a registered system, or the client of a token.</summary>
    public string? Software { get; init; }

    /// <summary>True where a machine acted without a person at the keyboard.</summary>
    public bool Automatic { get; init; }
    public PersonId? OnBehalfOf { get; init; }
    public IReadOnlyList<DocumentId> Documents { get; init; } = [];

    /// <summary>What was searched for; sealed with the entry, never logged.</summary>
    public string? Query { get; init; }

    /// <summary>The relation used, e.g. <c>individual</c>, <c>emergency</c>, <c>referring</c>, <c>holder</c>.</summary>
    public string? Context { get; init; }
    public Guid? ContextId { get; init; }
    public required bool Permitted { get; init; }

    /// <summary>The rule that decided, by its id.</summary>
    public required string Rule { get; init; }

    /// <summary>What an act was about: the person or institution blocked, the category of a deposit, the reason given.</summary>
    public string? Detail { get; init; }

    /// <summary>The submission set of a deposit.</summary>
    public SubmissionId? Submission { get; init; }

    /// <summary>The call it is about; null for the portal's own pages, for jobs, and for entries older than this.</summary>
    public CallFacts? Call { get; init; }

    /// <summary>The sheet version that this entry's batch makes; null where the sheet stays as it was.</summary>
    public long? SheetVersion { get; init; }

    /// <summary>The run of the process that wrote it, and its number in that run: a gap shows an entry deleted before sealing.</summary>
    public Guid Origin { get; init; }
    public long Number { get; init; }

    /// <summary>Every number of the run below this one was settled when this entry was made: kept, or told as abandoned.</summary>
    public long SettledBelow { get; init; }

    /// <summary>Numbers whose batch failed (a taken key, changed rights, a lost connection): they may be missing.</summary>
    public IReadOnlyList<long> Abandoned { get; init; } = [];
}

/// <summary>The actions a journal entry names.</summary>
public static class JournalActions
{
    public const string Search = "search";
    public const string Read = "read";
    public const string Deposit = "deposit";
    public const string Replace = "replace";
    public const string Withdraw = "withdraw";
    public const string Classify = "classify";
    public const string OpenContext = "open-context";
    public const string RenewContext = "renew-context";
    public const string EndContext = "end-context";
    public const string CreateCode = "create-code";
    public const string RedeemCode = "redeem-code";
    public const string AddToCircle = "add-to-circle";
    public const string RemoveFromCircle = "remove-from-circle";
    public const string Block = "block";
    public const string Unblock = "unblock";
    public const string Mask = "mask";
    public const string Unmask = "unmask";
    public const string ObjectToDeposit = "object-to-deposit";
    public const string WithdrawObjection = "withdraw-objection";
    public const string RequestDeposit = "request-deposit";
    public const string AllowCountry = "allow-country";
    public const string ForbidCountry = "forbid-country";
    public const string ReadChoices = "read-choices";
    public const string ReadHistory = "read-history";
    public const string AskDecision = "ask-decision";
    public const string QuestionAccess = "question-access";
    public const string ReadState = "read-state";
    public const string Subscribe = "subscribe";
    public const string Notify = "notify";
    public const string Create = "create";
    public const string SendLetter = "send-letter";
    public const string Activate = "activate";
    public const string Object = "object";
    public const string Close = "close";
    public const string Reopen = "reopen";
    public const string Erase = "erase";
    public const string ReferringDoctor = "referring-doctor";
    public const string Representative = "representative";
    public const string LookUp = "look-up";
    public const string SignIn = "sign-in";
    public const string CheckAccount = "check-account";
    public const string Identity = "identity";
    public const string ListContexts = "list-contexts";
    public const string SetVisibility = "set-visibility";
    public const string ReadFacts = "read-facts";
    public const string SearchText = "search-text";
    public const string Reindex = "reindex";
    public const string ReadText = "read-text";
    public const string ReadReports = "read-reports";

    /// <summary>A call that concerns no record and has no action of its own: the register, a message checked, a call refused at the border.</summary>
    public const string Ask = "ask";

    /// <summary>The service itself: started, stopped, its clock wrong.</summary>
    public const string Operate = "operate";
}
