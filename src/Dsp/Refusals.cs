namespace Dsp;

/// <summary>What kind of refusal it is; each wire maps the kind to its own status.</summary>
public enum RefusalKind
{
    /// <summary>The bytes cannot be read at all.</summary>
    Malformed,
    /// <summary>A required part is missing.</summary>
    Required,
    /// <summary>Readable, but a rule about the content is broken.</summary>
    Invalid,
    /// <summary>A code outside the affinity domain.</summary>
    CodeInvalid,
    /// <summary>Nobody is signed in, or the proof is not good.</summary>
    NotAuthenticated,
    /// <summary>A rule about the caller: explicit, it says nothing about any record.</summary>
    NotAllowed,
    /// <summary>Nothing there, for this caller: absent, hidden and forbidden are one answer.</summary>
    NotFound,
    /// <summary>Deposit for a patient who is unknown, closed, blocked or objected: one answer.</summary>
    UnknownPatient,
    /// <summary>Two things cannot both be true: same unique id with other content, a stale version.</summary>
    Conflict,
    /// <summary>It was there and is withdrawn; said only to those who could see it.</summary>
    Gone,
    /// <summary>Larger than the limit.</summary>
    TooLarge,
    /// <summary>More than the limit in a time.</summary>
    TooMany,
    /// <summary>Understood, not offered.</summary>
    NotSupported,
    /// <summary>Not possible now; try again.</summary>
    Unavailable,
}

/// <summary>
/// An expected no: a stable id, its kind, what is wrong, why, and what to do next. Never personal data, never a word
/// about what a caller may not know.
/// </summary>
/// <param name="Id">Stable: DSP-nnnn. 1xxx the message, 2xxx the record, 3xxx the caller, 4xxx the item, 5xxx limits and service.</param>
/// <param name="XdsCode">The XDS error code of the same case (ITI TF-3 table 4.2.4.1-2), where one exists.</param>
/// <param name="Expression">FHIRPath or field name to blame, where one is.</param>
public sealed record Refusal(string Id, RefusalKind Kind, string Text, string? XdsCode = null, string? Expression = null)
{
    /// <summary>Further problems found in the same message: all of them are told at once.</summary>
    public IReadOnlyList<Refusal> Others { get; init; } = [];

    /// <summary>Named values for translated texts (a date, a field), never personal data.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = NoValues;

    /// <summary>The rule that is broken, as a sentence with its source; null where the id alone says it.</summary>
    public string? Rule { get; init; }

    private static readonly IReadOnlyDictionary<string, string> NoValues = new Dictionary<string, string>();

    public Refusal At(string expression) => this with { Expression = expression };

    public Refusal Because(string text) => this with { Text = text };
}

/// <summary>The closed list of refusals; a golden file prints it, each wire's table is proved complete against it.</summary>
public static partial class Refusals
{
    public static readonly Refusal Malformed = new("DSP-1001", RefusalKind.Malformed, "The message cannot be read. Send well-formed content of the announced type.", "XDSRepositoryMetadataError");
    public static readonly Refusal MissingMetadata = new("DSP-1002", RefusalKind.Required, "A required element is missing.", "XDSRepositoryMetadataError");
    public static readonly Refusal InvalidMetadata = new("DSP-1003", RefusalKind.Invalid, "An element breaks a rule of its profile.", "XDSRepositoryMetadataError");
    public static readonly Refusal CodeOutsideDomain = new("DSP-1004", RefusalKind.CodeInvalid, "The code is outside the affinity domain. See the domain's code lists in the capability statement.", "XDSRegistryMetadataError");
    public static readonly Refusal HashDoesNotFit = new("DSP-1005", RefusalKind.Invalid, "The hash does not fit the bytes received. Send the document again.", "XDSNonIdenticalHash");
    public static readonly Refusal SizeDoesNotFit = new("DSP-1006", RefusalKind.Invalid, "The size does not fit the bytes received. Send the document again.", "XDSNonIdenticalSize");
    public static readonly Refusal MissingDocument = new("DSP-1007", RefusalKind.Required, "A document entry has no bytes in this message.", "XDSMissingDocument");
    public static readonly Refusal MissingDocumentMetadata = new("DSP-1008", RefusalKind.Required, "Bytes were sent that no document entry names.", "XDSMissingDocumentMetadata");
    public static readonly Refusal DuplicateInMessage = new("DSP-1009", RefusalKind.Invalid, "The same unique id stands twice in one message.", "XDSRepositoryDuplicateUniqueIdInMessage");
    public static readonly Refusal UnresolvedReference = new("DSP-1010", RefusalKind.Invalid, "A reference leads to nothing.", "UnresolvedReferenceException");
    public static readonly Refusal PatientsDiffer = new("DSP-1011", RefusalKind.Invalid, "The submission and its documents name different patients.", "XDSPatientIdDoesNotMatch");
    public static readonly Refusal PatientRequired = new("DSP-1012", RefusalKind.Required, "A search names one patient: patient or patient.identifier.", "XDSStoredQueryMissingParam");
    public static readonly Refusal ParameterInvalid = new("DSP-1013", RefusalKind.Malformed, "A search parameter cannot be read or has a modifier that is not supported.", "XDSStoredQueryParamNumber");
    public static readonly Refusal FormatNotSupported = new("DSP-1014", RefusalKind.NotSupported, "The format asked for is not offered. Ask for application/fhir+json.");
    public static readonly Refusal MediaTypeNotSupported = new("DSP-1015", RefusalKind.NotSupported, "The content type sent is not accepted here. Send application/fhir+json.");
    public static readonly Refusal InteractionNotSupported = new("DSP-1016", RefusalKind.NotSupported, "This interaction is not offered. See the capability statement.");
    public static readonly Refusal ActiveContent = new("DSP-1017", RefusalKind.Invalid, "A narrative holds active content. Send plain narrative.", "XDSRepositoryMetadataError");
    public static readonly Refusal NumberInvalid = new("DSP-1018", RefusalKind.Invalid, "This is not a national number: {problem}. Check the digits with the person or on the card.");
    public static readonly Refusal PersonIncomplete = new("DSP-1019", RefusalKind.Required, "A person is registered with family name, given name and birth date.");
    public static readonly Refusal UnknownPatient = new("DSP-2001", RefusalKind.UnknownPatient, "No record takes deposits under this patient identifier.", "XDSUnknownPatientId");
    public static readonly Refusal NotYetOpen = new("DSP-2002", RefusalKind.Invalid, "This record is not open yet. Deposit again from {date}.", "XDSRegistryMetadataError");
    public static readonly Refusal RecordClosed = new("DSP-2003", RefusalKind.Conflict, "This record is closed. Its holder can reopen it within ten years (RGD 6.12.2019 art. 4).");
    public static readonly Refusal StateForbids = new("DSP-2004", RefusalKind.Conflict, "The record's state does not allow this act. Reload and look at its state.");
    public static readonly Refusal SheetChanged = new("DSP-2005", RefusalKind.Conflict, "The record's rights changed meanwhile; nothing was done. Try again.");
    public static readonly Refusal IdentifierTaken = new("DSP-2006", RefusalKind.Conflict, "A person with this identifier is already registered. Search for the person first.");
    public static readonly Refusal MaybeSamePerson = new("DSP-2007", RefusalKind.Conflict, "A person with these names and this birth date is already registered. Compare the identities, then confirm that this is somebody else.");
    public static readonly Refusal NotSignedIn = new("DSP-3001", RefusalKind.NotAuthenticated, "Sign in first: no valid proof of who is asking.");
    public static readonly Refusal ScopeMissing = new("DSP-3002", RefusalKind.NotAllowed, "The token's scopes do not cover this call.");
    public static readonly Refusal NotListed = new("DSP-3003", RefusalKind.NotAllowed, "The person is not listed in the directory, or not a member of the institution acted for.");
    public static readonly Refusal LicenceStopped = new("DSP-3004", RefusalKind.NotAllowed, "The licence to practise is stopped at this time.");
    public static readonly Refusal ChannelNotAttested = new("DSP-3005", RefusalKind.NotAllowed, "This institution's staff come only through its attested software (RGD 6.12.2019 art. 5).");
    public static readonly Refusal SystemMayNot = new("DSP-3006", RefusalKind.NotAllowed, "A system without a person may only deposit, register admissions and read back its own deposits.");
    public static readonly Refusal SystemSuspended = new("DSP-3007", RefusalKind.NotAllowed, "This software's attestation is suspended.");
    public static readonly Refusal RoleMayNot = new("DSP-3008", RefusalKind.NotAllowed, "This act belongs to another role.");
    public static readonly Refusal SignInTooWeak = new("DSP-3009", RefusalKind.NotAllowed, "Sign in again with two factors: the present sign-in is too weak or too old.");
    public static readonly Refusal NotAnEmergencyDepartment = new("DSP-3010", RefusalKind.NotAllowed, "Only an emergency department registers emergencies.");
    public static readonly Refusal NoResponsiblePerson = new("DSP-3011", RefusalKind.NotAllowed, "The deposit names no responsible person of the directory who is a member of the sending institution.");
    public static readonly Refusal NotTheReferringDoctor = new("DSP-3040", RefusalKind.NotAllowed, "Only the patient's referring doctor signs the patient summary, on its own page.");
    public static readonly Refusal BreakGlassOff = new("DSP-3012", RefusalKind.NotAllowed, "Exceptional access is not switched on in this installation.");
    public static readonly Refusal NotFound = new("DSP-4001", RefusalKind.NotFound, "Nothing was found.", "XDSDocumentUniqueIdError");
    public static readonly Refusal CategoryNotWritable = new("DSP-4002", RefusalKind.NotAllowed, "The responsible person's profession may not deposit in this data category (RGD 6.12.2019 annex 1).", "LocalPolicyRestrictionError");
    public static readonly Refusal DepositObjected = new("DSP-4003", RefusalKind.NotAllowed, "The patient objected to this deposit (RGD 6.12.2019 art. 6(3)).", "LocalPolicyRestrictionError");
    public static readonly Refusal UniqueIdTaken = new("DSP-4004", RefusalKind.Conflict, "This unique id is already registered with other content.", "XDSNonIdenticalHash");
    public static readonly Refusal SubmissionTaken = new("DSP-4005", RefusalKind.Conflict, "This submission set id is already registered with other content.", "XDSDuplicateUniqueIdInRegistry");
    public static readonly Refusal TargetNotCurrent = new("DSP-4006", RefusalKind.Conflict, "The document to replace, append to or transform is not current.", "XDSRegistryDeprecatedDocumentError");
    public static readonly Refusal Withdrawn = new("DSP-4007", RefusalKind.Gone, "This document was withdrawn.");
    public static readonly Refusal NotOwnItem = new("DSP-4008", RefusalKind.NotAllowed, "Only its author replaces or withdraws a document. Ask the author or the agency.");
    public static readonly Refusal CodeRefused = new("DSP-4009", RefusalKind.Invalid, "The code does not open anything. Check it with the patient, or ask for a new one.");
    public static readonly Refusal RangeNotSatisfiable = new("DSP-4010", RefusalKind.Invalid, "The byte range lies outside the document.");
    public static readonly Refusal VersionStale = new("DSP-4011", RefusalKind.Conflict, "The resource changed since the version named.", "XDSMetadataVersionError");
    public static readonly Refusal Superseded = new("DSP-4012", RefusalKind.Gone, "This document was replaced. Search for the current one.", "XDSRegistryDeprecatedDocumentError");
    public static readonly Refusal TooLarge = new("DSP-5001", RefusalKind.TooLarge, "The message is larger than the limit of {limit}.");
    public static readonly Refusal TooDeep = new("DSP-5002", RefusalKind.Malformed, "The message is nested deeper than the limit.");
    public static readonly Refusal TooManyAttempts = new("DSP-5003", RefusalKind.TooMany, "Too many failed codes. Wait an hour, or ask the patient to add you in the portal.");
    public static readonly Refusal Unavailable = new("DSP-5004", RefusalKind.Unavailable, "The service cannot store or read at this moment, and nothing was confirmed. Try again: the same submission is kept once.");
    public static readonly Refusal PossibleWrongPatient = new("DSP-5024", RefusalKind.Invalid, "The document names another patient than the record it is sent to. Check the patient, and send it to the right record.", "XDSPatientIdDoesNotMatch");
    public static readonly Refusal TooSlow = new("DSP-5005", RefusalKind.Unavailable, "The message arrived too slowly and was given up.");

    /// <summary>All of them, by id.</summary>
    public static IReadOnlyList<Refusal> All => field ??=
        [.. typeof(Refusals).GetFields().Where(f => f.FieldType == typeof(Refusal)).Select(f => (Refusal)f.GetValue(null)!).OrderBy(r => r.Id, StringComparer.Ordinal)];

    /// <summary>The deposit may be sent again from that instant (R5, domain rule on the 30-day window).</summary>
    public static Refusal NotYetOpenUntil(DateTimeOffset opens) => NotYetOpen with
    {
        Text = NotYetOpen.Text.Replace("{date}", Instants.Text(opens), StringComparison.Ordinal),
        Values = new Dictionary<string, string> { ["date"] = Instants.Text(opens) },
    };
}
