using System.Globalization;
using Dsp.Access;
using Dsp.Codes;
using Hl7.Fhir.Model;

namespace Dsp.Interop.Pcf;

/// <summary>
/// One version of a choice as a Consent. Everything in it is computed from the choice; a circle, a block, a country and the
/// general choice have the form of PCF Basic, a mask that of PCF Intermediate; an objection to a deposit, for which PCF has no
/// words (action, class), is a Consent of FHIR R4 alone.
/// </summary>
public static class ConsentWriter
{
    /// <param name="now">A choice whose end has come is inactive.</param>
    public static Consent Of(ChoiceVersion version, RecordId record, DateTimeOffset now)
    {
        var choice = version.Choice;
        var consent = new Consent
        {
            Id = Ids.Text(choice.Id),
            Meta = new Meta { VersionId = version.Version.ToString(CultureInfo.InvariantCulture), LastUpdated = version.At },
            Status = choice.HoldsAt(now) ? Consent.ConsentState.Active : Consent.ConsentState.Inactive,
            Scope = new CodeableConcept(ConsentNames.ScopeSystem, ConsentNames.Privacy),
            Category = [new CodeableConcept(ConsentNames.Loinc, ConsentNames.ConsentDocument)],
            Patient = new ResourceReference($"Patient/{record}"),
            DateTimeElement = new FhirDateTime(Instants.Text(choice.Since)),
            Performer = [Performer(version, record)],
            Organization = [new ResourceReference { Type = "Organization", Display = ConsentNames.Custodian }],
            Source = new Attachment { ContentType = "text/plain", Title = Source(choice), CreationElement = new FhirDateTime(Instants.Text(version.At)) },
            Policy = [new Consent.PolicyComponent { Authority = ConsentPolicies.AuthorityOf(choice.Kind), Uri = ConsentPolicies.UriOf(choice.Kind) }],
            Provision = Provision(choice, now),
        };
        if (choice.Kind != ChoiceKind.Objection) consent.Meta.Profile = [choice.Kind == ChoiceKind.Mask ? ConsentNames.Intermediate : ConsentNames.Basic];
        return consent;
    }

    private static Consent.provisionComponent Provision(HolderChoice choice, DateTimeOffset now)
    {
        var provision = new Consent.provisionComponent
        {
            Type = choice.Kind is ChoiceKind.Circle or ChoiceKind.Country || (choice.Kind == ChoiceKind.General && choice.Closed is null && !choice.WaitsAt(now))
                ? Consent.ConsentProvisionType.Permit
                : Consent.ConsentProvisionType.Deny,
            Period = Span(choice.Since, choice.EndedAt ?? (choice.Kind == ChoiceKind.Circle ? choice.Until : null)),
        };
        if (choice.Kind is not ChoiceKind.Objection) provision.Purpose = [new Coding(ConsentNames.ReasonSystem, ConsentNames.Treatment)];
        switch (choice.Kind)
        {
            case ChoiceKind.General when choice.WaitsAt(now) && choice.OpensAt is { } opens:
                // Nobody until T1 has ended or the holder activates: the denial has an end of its own.
                provision.Period = Span(choice.Since, opens);
                break;
            case ChoiceKind.Circle or ChoiceKind.Block:
                provision.Actor = [Actor(Reference(choice))];
                break;
            case ChoiceKind.Country:
                provision.Actor = [Actor(new ResourceReference { Type = "Organization", Identifier = new Identifier(ConsentNames.CountrySystem, choice.Country), Display = EuropeanCountries.NameOf(choice.Country!, "en") })];
                break;
            case ChoiceKind.Mask:
                provision.Data = [new Consent.provisionDataComponent { Meaning = Consent.ConsentDataMeaning.Instance, Reference = new ResourceReference($"DocumentReference/{choice.Document}") }];
                if (!choice.FromEveryone) provision.Actor = [Actor(Reference(choice))];
                else if (choice.Except.Count > 0)
                    provision.Provision = [new Consent.provisionComponent { Type = Consent.ConsentProvisionType.Permit, Actor = [.. choice.Except.Select(p => Actor(new ResourceReference($"Practitioner/{p}")))] }];
                break;
            case ChoiceKind.Objection:
                Object(provision, choice);
                break;
        }
        return provision;
    }

    private static void Object(Consent.provisionComponent provision, HolderChoice choice)
    {
        provision.Action = [new CodeableConcept(ConsentNames.ActionSystem, ConsentNames.Collect)];
        if (choice.Category is { } category) provision.Class = [new Coding(ConsentNames.CategorySystem, category.ToString())];
        foreach (var author in new[] { choice.Person is { } p ? $"Practitioner/{p}" : null, choice.Institution is { } i ? $"Organization/{i}" : null }.OfType<string>())
            provision.Data.Add(new Consent.provisionDataComponent { Meaning = Consent.ConsentDataMeaning.Authoredby, Reference = new ResourceReference(author) });
        if (choice.Order is { } order)
            provision.Data.Add(new Consent.provisionDataComponent { Meaning = Consent.ConsentDataMeaning.Related, Reference = new ResourceReference { Type = "ServiceRequest", Identifier = new Identifier { Value = order } } });
        if (choice.From is not null || choice.To is not null) provision.DataPeriod = Span(choice.From, choice.To);
    }

    private static Consent.provisionActorComponent Actor(ResourceReference reference) =>
        new() { Role = new CodeableConcept(ConsentNames.RoleSystem, ConsentNames.Recipient), Reference = reference };

    private static ResourceReference Reference(HolderChoice choice) => choice switch
    {
        { Representative: true } => new ResourceReference { Type = "RelatedPerson", Identifier = new Identifier(ConsentNames.PersonSystem, choice.Person.ToString()), Display = choice.Name },
        { Person: { } person } => new ResourceReference($"Practitioner/{person}", choice.Name),
        _ => new ResourceReference($"Organization/{choice.Institution}", choice.Name),
    };

    private static Period Span(DateTimeOffset? from, DateTimeOffset? to) => new()
    {
        StartElement = from is { } f ? new FhirDateTime(Instants.Text(f)) : null, EndElement = to is { } t ? new FhirDateTime(Instants.Text(t)) : null,
    };

    /// <summary>Who made it so: the holder, the professional who wrote the wish down, or the agency for what the law does by itself.</summary>
    private static ResourceReference Performer(ChoiceVersion version, RecordId record) => version switch
    {
        { By: CallerKind.Professional, Person: { } person } => new ResourceReference($"Practitioner/{person}"),
        { By: CallerKind.Agent or CallerKind.System } => new ResourceReference { Type = "Organization", Display = ConsentNames.Custodian },
        _ => new ResourceReference($"Patient/{record}"),
    };

    private static string Source(HolderChoice choice) => choice.Kind switch
    {
        ChoiceKind.General => "RGD 6.12.2019 art. 3, 4",
        ChoiceKind.Circle => "RGD 6.12.2019 art. 6(4), 7(2)",
        ChoiceKind.Block => "RGD 6.12.2019 art. 6(3) 1°",
        ChoiceKind.Mask => "RGD 6.12.2019 art. 6(3) 2°",
        ChoiceKind.Objection => "RGD 6.12.2019 art. 6(3) al. 2",
        _ => "Regulation (EU) 2025/327 art. 23",
    };
}
